import { createHash } from 'node:crypto';
import { addDays, parisDay, parisInstants } from '../paris.js';

const minute = 60_000;

/** Clock hours in France at which a day's data are asked for: in the morning, and once more in the early afternoon. */
const morning = '08:00:00';
const afternoon = '13:00:00';
/** So long after these hours a timed read may come, ms: not everybody at the same moment (spec/device-flow 4.6). */
const spread = { [morning]: 59 * minute, [afternoon]: 90 * minute } as const;

type Slot = keyof typeof spread;

/** Clocks are never changed at these hours, so that there is exactly one such moment on every day. */
function clockTime(day: string, time: Slot): number {
  return parisInstants(`${day} ${time}`)[0] ?? Date.parse(`${day}T${time}Z`);
}

/** A number from 0 to 1 that is the same for one installation, day and slot at every call. */
function chance(seed: string, day: string, slot: Slot): number {
  return createHash('sha256').update(`${seed} ${day} ${slot}`).digest().readUInt32BE() / 2 ** 32;
}

/** From 1 to 60 minutes after the hour: never at the full hour itself. */
function slotAt(day: string, slot: Slot, seed: string): number {
  return clockTime(day, slot) + minute + Math.floor(chance(seed, day, slot) * spread[slot]);
}

/**
 * When the next timed read is due, ms since the epoch (spec/device-flow 4.6): at a random minute after 08:00 in
 * Europe/Paris, the same for one installation and day whenever it is asked, so that a restart neither skips nor repeats it;
 * where the day before was still missing at the last read, once more in the early afternoon, then the next day.
 * @param now ms since the epoch; the result is later
 * @param seed of the installation, such as the id of a node
 */
export function nextTimedRead(
  now: number,
  seed: string,
  { missing = false }: { readonly missing?: boolean } = {},
): number {
  const today = parisDay(now);
  const slots = [
    slotAt(today, morning, seed),
    ...(missing ? [slotAt(today, afternoon, seed)] : []),
    slotAt(addDays(today, 1), morning, seed),
  ];
  return slots.find((slot) => slot > now) ?? now + 24 * 60 * minute;
}

/** Between two questions for the same day at least so long, ms. */
const leastPause = 2 * 60 * minute;
/** Older days than this are asked for once a day only. */
const freshDays = 3;

/**
 * From when on a day that had no or not all data may be asked for again, ms since the epoch: after 08:00 or after 13:00 of
 * that day, else the next day; never within two hours.
 * @param askedAt when it was asked for, ms since the epoch
 */
export function mayAskAgainAt(day: string, askedAt: number): number {
  const earliest = askedAt + leastPause;
  const asked = parisDay(askedAt);
  const isFresh = day >= addDays(asked, -freshDays);
  const times = [clockTime(asked, morning), ...(isFresh ? [clockTime(asked, afternoon)] : [])];
  return times.find((time) => time >= earliest) ?? clockTime(addDays(asked, 1), morning);
}
