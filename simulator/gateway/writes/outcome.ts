import type { View } from '../identity.js';
import type { GatewayState } from '../state.js';

/** What comes of a write. */
export type WriteOutcome =
  /** These changes, and a reply that is made once they are done. */
  | { readonly kind: 'changed'; readonly changes: Partial<GatewayState>; readonly reply: (view: View) => unknown }
  /** No change, for this reason. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** The gateway goes down. */
  | { readonly kind: 'crashed'; readonly reason: string };

/** What a gateway makes of the body of a write. */
export type Write = (view: View, body: unknown) => WriteOutcome;

/** A write that is done. */
export function changed(changes: Partial<GatewayState>, reply: (view: View) => unknown): WriteOutcome {
  return { kind: 'changed', changes, reply };
}

/** A write that makes no sense. */
export function refused(reason: string, status = 400): WriteOutcome {
  return { kind: 'refused', status, reason };
}
