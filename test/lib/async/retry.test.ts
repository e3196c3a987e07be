import assert from 'node:assert/strict';
import fc from 'fast-check';
import { retryWait, wait, withRetry, type RetryOptions } from '../../../lib/async/retry.js';

const policy = { attempts: 4, elapsed: 50_000, longestWait: 0 };

describe('a task that is tried again', () => {
  const options = (more: Partial<RetryOptions> = {}): RetryOptions => ({
    policy,
    signal: new AbortController().signal,
    retryable: () => true,
    ...more,
  });
  /** A task that fails so often. */
  function failing(times: number): { (): Promise<string>; calls: number } {
    const task = (): Promise<string> =>
      ++task.calls <= times ? Promise.reject(new Error(`failure ${task.calls}`)) : Promise.resolve('done');
    task.calls = 0;
    return task;
  }

  it('runs until it succeeds', async () => {
    const task = failing(3);
    assert.equal(await withRetry(task, options()), 'done');
    assert.equal(task.calls, 4);
  });

  it('raises the last failure after so many attempts', async () => {
    const task = failing(10);
    await assert.rejects(withRetry(task, options()), /failure 4/);
    assert.equal(task.calls, 4);
  });

  it('is tried once where the failure is no reason to try again, or the time is over', async () => {
    for (const more of [{ retryable: () => false }, { policy: { ...policy, elapsed: 0 } }]) {
      const task = failing(1);
      await assert.rejects(withRetry(task, options(more)), /failure 1/);
      assert.equal(task.calls, 1);
    }
  });

  it('is not tried again where what is done before says so', async () => {
    const seen: unknown[] = [];
    const task = failing(10);
    const beforeRetry = (error: unknown, attempt: number): Promise<void> => {
      seen.push([(error as Error).message, attempt]);
      return attempt === 2 ? Promise.reject(new Error('enough')) : Promise.resolve();
    };
    await assert.rejects(withRetry(task, options({ beforeRetry })), /enough/);
    assert.deepEqual(seen, [
      ['failure 1', 1],
      ['failure 2', 2],
    ]);
  });

  it('ends while it waits when it is aborted', async () => {
    const abort = new AbortController();
    const task = failing(10);
    const beforeRetry = (): Promise<void> => {
      setImmediate(() => abort.abort(new Error('closed')));
      return Promise.resolve();
    };
    const long = { ...policy, longestWait: 1e9 };
    const random = Math.random;
    Math.random = () => 1;
    try {
      await assert.rejects(withRetry(task, options({ policy: long, signal: abort.signal, beforeRetry })), /closed/);
    } finally {
      Math.random = random;
    }
    assert.equal(task.calls, 1);
  });

  it('waits at random, ever longer, up to a limit', () => {
    const limits = [1, 2, 3, 4, 5].map((attempt) => retryWait({ ...policy, longestWait: 5000 }, attempt, 1));
    assert.deepEqual(limits, [2000, 4000, 5000, 5000, 5000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const milliseconds = retryWait({ ...policy, longestWait: 5000 }, attempt, random);
        assert.ok(milliseconds >= 0 && milliseconds <= 5000);
      }),
    );
  });
});

describe('a wait', () => {
  it('is over at once where it was aborted before', async () => {
    await assert.rejects(wait(1e9, AbortSignal.abort(new Error('closed'))), /closed/);
  });

  it('leaves nothing behind', async () => {
    const { signal } = new AbortController();
    let added = 0;
    let removed = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      added++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      removed++;
      remove(...args);
    };
    await wait(0, signal);
    assert.deepEqual([added, removed], [1, 1]);
  });
});
