import { EnergyError } from '../../errors.js';
import { isFields } from '../datasets/fields.js';
import { isSwitchedOff, liveDataReading, liveStatusPath, liveSwitchPath } from './live-data.js';
import type { LiveContext } from './meter-stream.js';
import type { LiveReading } from './reading.js';

/** Milliseconds from one question to the next, and the longest rest after a slow answer. */
const period = 1000;
const longestRest = 2000;
/** So many answers in a row may show values that stand still after they were switched on. */
const patience = 5;

/** The rest after an answer that took `took` ms: a gateway is not kept busy for more than half of its time. */
export function restAfter(took: number): number {
  return Math.min(longestRest, Math.max(period - took, took));
}

/**
 * Readings of `/ivp/livedata/status`, asked about once a second. Values move only while their stream is switched on,
 * and the gateway switches it off by itself: it is switched on again whenever it is found off, or when nothing changed
 * for `timing.idle` (spec/envoy 7.2). Values that did not move are no readings.
 * @throws EnergyError of the session; `gateway_busy` where it stays off
 */
export async function* liveDataReadings(context: LiveContext): AsyncGenerator<LiveReading, never> {
  const { gateway, view, timing, signal } = context;
  const { now, wait } = timing;
  let before = '';
  let movedAt = now();
  for (let still = 0; ;) {
    const asked = now();
    const status = await gateway.request({ path: liveStatusPath });
    signal.throwIfAborted();
    const values = JSON.stringify(isFields(status) ? (status['meters'] ?? null) : null);
    const off = isSwitchedOff(status);
    const moved = !off && values !== before;
    if (moved) {
      [before, movedAt, still] = [values, now(), 0];
      yield liveDataReading(status, movedAt, view);
    } else if (off || now() - movedAt >= timing.idle) {
      if (still++ >= patience) {
        const message = 'The gateway does not switch its live data on.';
        throw new EnergyError('gateway_busy', message, { parameters: { path: liveSwitchPath } });
      }
      if (still === 1) await gateway.request({ path: liveSwitchPath, method: 'POST', body: '{"enable":1}' }, true);
    }
    await wait(restAfter(Math.max(0, now() - asked)), signal);
  }
}
