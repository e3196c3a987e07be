import { newState } from '../codes.js';
import type { ProxyContext } from '../context.js';
import { hashed } from '../ids.js';
import { claim } from '../records/grants.js';
import { newAuthState } from '../records/states.js';
import type { DeviceGrant } from '../records/types.js';
import { places } from '../sealed.js';
import { authorizeUrl } from './authorize-url.js';
import { lookUpUserCode } from './user-code.js';

/** A user code that somebody entered. */
export interface EnteredCode {
  /** As it was typed. */
  readonly text: string;
  /** The cookie of the browser. */
  readonly browser: string;
  /** Subject of limits. */
  readonly requester: string;
  /** Wish of the visitor for the end of the state; counts with test data only. */
  readonly stateSuffix?: string | undefined;
}

/** What came of it: where to send the browser, or why nowhere. */
export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly url: string }
  | { readonly kind: 'unknown' }
  /** Too many wrong codes; `wait` in ms. */
  | { readonly kind: 'limited'; readonly wait: number };

/** The digit by which the test servers choose a fictitious customer; nothing else is ever taken over (1.9, D8). */
export function sandboxDigit({ settings }: Pick<ProxyContext, 'settings'>, suffix: string | undefined): string {
  return settings.compatibility.sandbox && suffix !== undefined && /^[0-9]$/.test(suffix) ? suffix : '';
}

async function verifierOf({ secrets }: ProxyContext, grantId: string, grant: DeviceGrant): Promise<string | undefined> {
  const sealed = grant.pkceVerifierSealed;
  return sealed === undefined ? undefined : secrets.open(sealed, places.grantVerifier(grantId));
}

/**
 * Claims the grant of a user code for a browser and opens a visit to the consent page (spec/device-flow 1.4). The code
 * can be entered again until it expires; each time makes a new state, bound to the browser.
 * @throws EnergyError `storage_failed`
 */
export async function claimUserCode(context: ProxyContext, entered: EnteredCode): Promise<ClaimOutcome> {
  const { records, secrets, settings, now } = context;
  const found = await lookUpUserCode(context, entered.text, entered.requester);
  if (found.kind !== 'found') return found;
  const { grantId } = found;
  const grant = await records.deviceGrants.change(grantId, (current) => {
    const { next } = claim(current, now());
    return { ...(next && { next }), answer: next };
  });
  if (!grant) return { kind: 'unknown' };
  const state = newState() + sandboxDigit(context, entered.stateSuffix);
  const browserHash = hashed(secrets, 'browser', entered.browser);
  const visit = newAuthState({ grant: grantId, browserHash, expiresAt: grant.completeUntil }, now());
  await records.authStates.create(hashed(secrets, 'state', state), visit);
  const verifier = await verifierOf(context, grantId, grant);
  const { scope } = grant;
  const url = authorizeUrl(settings, {
    state,
    ...(scope !== undefined && { scope }),
    ...(verifier !== undefined && { verifier }),
  });
  return { kind: 'claimed', url };
}
