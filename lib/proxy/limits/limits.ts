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

/** Counts over all instances (spec/device-flow 2.5, 8). */
export interface Limits {
  /** Takes one under each of the rules, or none where one of them is used up. */
  take(rules: readonly LimitRule[], subject: string): Promise<Allowance>;
  /** Looks without taking. */
  look(rules: readonly LimitRule[], subject: string): Promise<Allowance>;
}
