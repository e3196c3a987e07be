/** What the visitor is shown after a callback. */
export type Completion =
  | { readonly kind: 'done' }
  /** Enedis has not passed on the consent yet. */
  | { readonly kind: 'wait' }
  | Problem;

/** Why a callback came to nothing. */
export interface Problem {
  readonly kind: 'problem';
  /** HTTP status of the page. */
  readonly status: number;
  /** Code of the error page. */
  readonly code: string;
  readonly correlation?: string;
  /** Seconds. */
  readonly retryAfter?: number;
}

/** How a callback that had the lease ended: what becomes of the state, and what is shown. */
export interface Outcome {
  readonly state: 'done' | 'open' | 'failed';
  readonly completion: Completion;
}

/** A problem that leads to a page with this status. */
export function problem(status: number, code: string, more: Pick<Problem, 'correlation' | 'retryAfter'> = {}): Problem {
  return { kind: 'problem', status, code, ...more };
}
