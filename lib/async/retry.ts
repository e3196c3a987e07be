/** How often and how long a request is tried again (spec/envoy 2.4). */
export interface RetryPolicy {
  readonly attempts: number;
  /** No further attempt once so many ms have passed since the first. */
  readonly elapsed: number;
  /** Longest wait between two attempts, ms. */
  readonly longestWait: number;
}

/** What a retry depends on, besides its policy. */
export interface RetryOptions {
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Whether this error is worth another attempt. */
  readonly retryable: (error: unknown) => boolean;
  /** Called before each wait; what it throws ends the retries. */
  readonly beforeRetry?: (error: unknown, attempt: number) => Promise<void>;
}

/** Wait after attempt `attempt` (from 1), ms: uniform between 0 and an exponentially growing bound (full jitter). */
export function retryWait(policy: RetryPolicy, attempt: number, random: number): number {
  return random * Math.min(policy.longestWait, 2000 * 2 ** (attempt - 1));
}

/** Resolves after `milliseconds`, rejects with the signal's reason when it fires. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', fail);
      resolve();
    }, milliseconds);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

/** Runs a task until it succeeds or the policy ends; raises the last error. */
export async function withRetry<T>(task: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { policy, signal, retryable, beforeRetry } = options;
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await task();
    } catch (error) {
      const spent = performance.now() - started;
      if (attempt >= policy.attempts || spent >= policy.elapsed || !retryable(error)) throw error;
      await beforeRetry?.(error, attempt);
      await wait(retryWait(policy, attempt, Math.random()), signal);
    }
  }
}
