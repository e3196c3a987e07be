import type { Customer, UsagePoint } from './model/customers.js';
import { dayAt } from './model/paris.js';

/** Data Connect: v5 with its consent page v1, or 2026 with v2. */
export type Generation = 'v1' | 'v2';

/** A consent of a customer to one application. */
export interface Share {
  /** The same for an application and a holder however often it is made again (spec/device-flow 4.1). */
  readonly autorisationId: number;
  readonly clientId: string;
  readonly customer: Customer;
  readonly usagePoints: readonly UsagePoint[];
  /** Days, `YYYY-MM-DD`; `until` is the first one without. */
  readonly from: string;
  until: string;
  /** Set when the customer deleted it. */
  deleted: boolean;
  /** How often its services will still be missing. */
  emptyAnswers: number;
}

/** What a new share consists of. */
interface ShareRequest {
  readonly clientId: string;
  readonly customer: Customer;
  readonly usagePoints: readonly UsagePoint[];
  readonly until: string;
}

/** All shares, old and living ones. */
export interface Shares {
  /** Living shares of an application on a usage point. */
  living(clientId: string, usagePoint: string): readonly Share[];
  /** The latest share of that number. */
  byAutorisation(clientId: string, autorisationId: number): Share | undefined;
  create(request: ShareRequest, rules: { readonly emptyAnswers: number; readonly keepsStart: boolean }): Share;
  /** Every share of a customer. */
  of(customer: Customer): readonly Share[];
  /** Whether a share is neither deleted nor over nor ended by a move that came after it. */
  isLiving(share: Share): boolean;
}

/** The first authorisation number; the next ones follow it. */
const firstAutorisation = 4_200_001;

/** What the number of an authorisation belongs to. */
function holderOf({ clientId, customer, usagePoints }: Omit<ShareRequest, 'until'>): string {
  return `${clientId} ${customer.id} ${usagePoints.map(({ id }) => id).join(';')}`;
}

/**
 * Shares, none at first unless there are earlier ones.
 * @param now ms since the epoch
 * @param onCreated is given all of them whenever there is another one
 */
export function createShares(
  now: () => number,
  earlier: readonly Share[] = [],
  onCreated?: (shares: readonly Share[]) => void,
): Shares {
  const all = [...earlier];
  const numbers = new Map(earlier.map((share) => [holderOf(share), share.autorisationId]));
  let lastNumber = Math.max(firstAutorisation - 1, ...numbers.values());
  const today = (): string => dayAt(now());

  const isLiving = (share: Share): boolean => {
    const gone = share.usagePoints.every(
      ({ movedOutOn }) => movedOutOn !== undefined && movedOutOn <= today() && movedOutOn >= share.from,
    );
    return !share.deleted && share.until > today() && !gone;
  };
  const numberOf = (holder: string): number => {
    const number = numbers.get(holder) ?? ++lastNumber;
    numbers.set(holder, number);
    return number;
  };
  return {
    isLiving,
    living: (clientId, usagePoint) =>
      all.filter(
        (share) =>
          share.clientId === clientId && share.usagePoints.some(({ id }) => id === usagePoint) && isLiving(share),
      ),
    byAutorisation: (clientId, autorisationId) =>
      all.findLast((share) => share.clientId === clientId && share.autorisationId === autorisationId),
    of: (customer) => all.filter((share) => share.customer === customer),
    create: ({ clientId, customer, usagePoints, until }, { emptyAnswers, keepsStart }) => {
      const autorisationId = numberOf(holderOf({ clientId, customer, usagePoints }));
      const first = keepsStart ? all.find((share) => share.autorisationId === autorisationId) : undefined;
      const from = first?.from ?? today();
      const share = { autorisationId, clientId, customer, usagePoints, from, until, deleted: false, emptyAnswers };
      all.push(share);
      onCreated?.(all);
      return share;
    },
  };
}
