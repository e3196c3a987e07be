import type { GatewaySession } from '../../lib/envoy/session.js';
import type { Access } from './gateways.js';
import { startGateways } from './gateways.js';
import { newSession, Ticker } from './sessions.js';
import { cpuTime } from './statistics.js';
import { count, interval, scale, type Beats, type FleetCost } from './fleet.js';

const openedAtOnce = 20;
const start = Date.now();
/** The sessions' clock, as fast as the gateways'. */
const now = (): number => start + (Date.now() - start) * scale;
const gentle = { datasets: [], raw: false, gentle: true } as const;

function memory(): { heap: number; resident: number } {
  // What Node frees of its own accord it frees at some other time: twice, for what the first run set free.
  for (let run = 0; run < 2; run++) globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => void setTimeout(done, milliseconds));

/** Reads each session once, some of them at a time. */
async function openAll(sessions: readonly GatewaySession[]): Promise<void> {
  const waiting = sessions.values();
  const worker = async (): Promise<void> => {
    for (const session of waiting) await session.read(gentle);
  };
  await Promise.all(Array.from({ length: openedAtOnce }, worker));
}

interface Outcome {
  readonly late: number[];
  readonly done: number[];
  skipped: number;
  failed: number;
}

/**
 * Reads a session at so many beats of a ticker of its own, as `envoy-read` does it: a beat that comes while the reading
 * before is under way is left out. The call that a ticker makes at once is no beat. Resolved after the last reading.
 */
function follow(session: GatewaySession, beats: number, record: Outcome): Promise<void> {
  const started = Date.now();
  const ticker = new Ticker();
  let reading: Promise<void> | undefined;
  let left = beats;
  const read = async (due: number): Promise<void> => {
    try {
      await session.read(gentle);
      record.done.push(Date.now() - due);
    } catch {
      record.failed++;
    }
    reading = undefined;
  };
  return new Promise((ended) => {
    ticker.every(interval, () => {
      const at = Date.now();
      const due = started + Math.round((at - started) / interval) * interval;
      if (due === started) return;
      if (reading) record.skipped++;
      else {
        record.late.push(at - due);
        reading = read(due);
      }
      left--;
      if (left > 0) return;
      ticker.stop();
      void reading.then(ended);
    });
  });
}

/**
 * Lets every session be read by its ticker.
 * @param spread ms over which the tickers are started
 */
async function beat(sessions: readonly GatewaySession[], spread: number, beats: number): Promise<Beats> {
  const record: Outcome = { late: [], done: [], skipped: 0, failed: 0 };
  const followed: Promise<void>[] = [];
  const [cpu, wall] = [cpuTime(), performance.now()];
  for (const [index, session] of sessions.entries()) {
    const wait = wall + (index * spread) / sessions.length - performance.now();
    if (wait >= 1) await pause(wait);
    followed.push(follow(session, beats, record));
  }
  await Promise.all(followed);
  return { ...record, cpu: cpuTime() - cpu, wall: performance.now() - wall };
}

/** One session is opened and closed first, so that modules and compiled code do not count as memory of a gateway. */
async function warmUp(access: Access): Promise<void> {
  const session = newSession(access, now);
  for (let read = 0; read < 20; read++) await session.read(gentle);
  await session.close();
}

async function measure(): Promise<FleetCost> {
  const gateways = await startGateways(count + 1, start, scale);
  const sessions: GatewaySession[] = [];
  try {
    const [first, ...others] = gateways.accesses;
    if (first) await warmUp(first);
    const before = memory();
    for (const access of others) sessions.push(newSession(access, now));
    const [cpu, wall] = [cpuTime(), performance.now()];
    await openAll(sessions);
    const opening = { cpu: cpuTime() - cpu, wall: performance.now() - wall };
    const spread = await beat(sessions, interval, 5);
    const after = memory();
    const together = await beat(sessions, 0, 2);
    return {
      opening,
      spread,
      together,
      heap: (after.heap - before.heap) / sessions.length,
      resident: (after.resident - before.resident) / sessions.length,
    };
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
    await gateways.stop();
  }
}

process.send?.(await measure());
process.disconnect();
