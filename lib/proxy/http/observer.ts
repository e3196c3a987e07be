/** One request that was answered. */
export interface ObservedRequest {
  /** The path as the route names it, `unknown` where there is none: few values, nothing personal. */
  readonly route: string;
  /** `GET`, `POST`, `HEAD`, `OPTIONS`, or `other`. */
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** A request that failed within the proxy or behind it (5xx). */
export interface ObservedFailure {
  readonly route: string;
  /** The same as in the answer and in the event. */
  readonly correlation: string;
  /** The same as in the event. */
  readonly reason: string;
  /** What was thrown. The text of an error that is no EnergyError may contain anything: keep it from logs. */
  readonly error: unknown;
}

/** Watches the requests, for figures and logs. Must not throw. */
export interface RequestObserver {
  onRequest?(request: ObservedRequest): void;
  /** Told before the event of the same correlation. */
  onFailure?(failure: ObservedFailure): void;
}
