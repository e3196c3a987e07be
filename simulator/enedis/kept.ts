import type { Customer } from './model/customers.js';
import type { Share } from './shares.js';

/** A consent as plain JSON, so that a simulator that starts again knows of it. */
export interface KeptShare {
  readonly autorisationId: number;
  readonly clientId: string;
  /** Id of the customer. */
  readonly customer: string;
  /** Ids of the usage points. */
  readonly usagePoints: readonly string[];
  /** Days, `YYYY-MM-DD`. */
  readonly from: string;
  readonly until: string;
  readonly deleted: boolean;
}

/** An access token as plain JSON: whoever reads it cannot use it. */
export interface KeptToken {
  /** SHA-256 of the token, base64url. */
  readonly hash: string;
  readonly clientId: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** What a simulator has to know of an earlier one to go on in its place. */
export interface KeptEnedis {
  readonly shares: readonly KeptShare[];
  readonly accessTokens: readonly KeptToken[];
}

/** What is kept of a share. */
export function keptShare({ autorisationId, clientId, customer, usagePoints, from, until, deleted }: Share): KeptShare {
  return {
    autorisationId,
    clientId,
    customer: customer.id,
    usagePoints: usagePoints.map(({ id }) => id),
    from,
    until,
    deleted,
  };
}

/** The shares that were kept; those of customers and usage points that there are no more are left out. */
export function restoredShares(kept: readonly KeptShare[], customers: ReadonlyMap<string, Customer>): Share[] {
  return kept.flatMap((each): Share[] => {
    const customer = customers.get(each.customer);
    const usagePoints = customer?.usagePoints.filter(({ id }) => each.usagePoints.includes(id)) ?? [];
    if (!customer || usagePoints.length !== each.usagePoints.length) return [];
    return [{ ...each, customer, usagePoints, emptyAnswers: 0 }];
  });
}
