/** A limit: so many in a window. */
export interface LimitRule {
  /** Its name, as in events and figures. */
  readonly name: string;
  readonly limit: number;
  /** ms */
  readonly window: number;
}

/** What a limit says: allowed, or how long to wait. */
export interface Allowance {
  readonly allowed: boolean;
  /** ms until one more would be allowed. */
  readonly wait: number;
}

/**
 * Counts over all instances (spec/device-flow 2.5, 8). A subject is stored as it is given: whoever asks hashes what is
 * personal or secret (`hashed(secrets, 'address', …)`) and gives random ids, such as a family's, plainly.
 * Where the store cannot be reached both raise EnergyError `storage_failed`, so that the request is answered 503: nothing
 * else of it could be carried out either, and an open gate would be worse.
 */
export interface Limits {
  /** Takes one under each of the rules, or none where one of them is used up. */
  take(rules: readonly LimitRule[], subject: string): Promise<Allowance>;
  /** Looks without taking. */
  look(rules: readonly LimitRule[], subject: string): Promise<Allowance>;
}
