import { hash, noise } from './noise.js';

const hour = 3_600_000;
const day = 24 * hour;

/** Something of the house that draws power when it is used. */
interface Appliance {
  /** Local hour at which it usually starts, how much earlier or later it may be, and how long it runs. */
  readonly at: number;
  readonly spread: number;
  readonly hours: number;
  readonly watts: number;
  /** Share of days on which it runs. */
  readonly chance: number;
  /** Which phase it hangs on, modulo the phases there are. */
  readonly phase: number;
}

const appliances: readonly Appliance[] = [
  { at: 0.6, spread: 0.4, hours: 2.4, watts: 2000, chance: 1, phase: 1 },
  { at: 7.2, spread: 0.5, hours: 0.2, watts: 1400, chance: 0.9, phase: 0 },
  { at: 10.3, spread: 1.2, hours: 1.1, watts: 1250, chance: 0.5, phase: 2 },
  { at: 12.2, spread: 0.4, hours: 0.6, watts: 1800, chance: 0.6, phase: 1 },
  { at: 13.6, spread: 0.6, hours: 1.4, watts: 1100, chance: 0.7, phase: 0 },
  { at: 19.1, spread: 0.5, hours: 0.8, watts: 2300, chance: 0.8, phase: 2 },
  { at: 21.2, spread: 0.7, hours: 0.5, watts: 900, chance: 0.4, phase: 1 },
];

/** Share of the base load of each phase, by the number of phases. */
const shares: Readonly<Record<number, readonly number[]>> = { 1: [1], 2: [0.58, 0.42], 3: [0.46, 0.31, 0.23] };

function bell(localHour: number, centre: number, width: number): number {
  return Math.exp(-(((localHour - centre) / width) ** 2));
}

function base(seed: number, localTime: number): number {
  const localHour = (localTime % day) / hour;
  const today = 0.75 + 0.5 * hash(seed + 1, Math.floor(localTime / day));
  const habits =
    420 * bell(localHour, 7.4, 1.1) +
    300 * bell(localHour, 12.6, 1.2) +
    640 * bell(localHour, 19.8, 2) +
    90 * bell(localHour, 16, 3);
  const fridge = noise(seed + 2, localTime / (0.4 * hour)) > 0.62 ? 95 : 0;
  return 170 + habits * today + fridge + 60 * noise(seed + 3, localTime / (0.25 * hour));
}

/**
 * What a house draws on one of its phases, W: a base load, the habits of morning, noon and evening, a refrigerator and
 * appliances that start about the same time on most days. Never below 50 W.
 * @param localTime local time as ms since 1970-01-01 local midnight
 */
export function houseWatts(seed: number, localTime: number, phase: number, phases: number): number {
  let watts = base(seed, localTime) * (shares[phases]?.[phase] ?? 1 / phases);
  const today = Math.floor(localTime / day);
  const localHour = (localTime % day) / hour;
  appliances.forEach((appliance, index) => {
    if (appliance.phase % phases !== phase) return;
    if (hash(seed + 10 + index, today) > appliance.chance) return;
    const start = appliance.at + (hash(seed + 30 + index, today) - 0.5) * 2 * appliance.spread;
    if (localHour < start || localHour > start + appliance.hours) return;
    watts += appliance.watts * (0.9 + 0.2 * noise(seed + 50 + index, localTime / (0.2 * hour)));
  });
  return watts;
}
