/** What a battery is for: to use the sun's power at home, to be full for an outage, or to be used in the dear hours. */
export type StorageMode = 'self-consumption' | 'backup' | 'economy';

/** How an installation runs. Percentages are of the battery's capacity. */
export interface Operation {
  readonly onGrid: boolean;
  /** False: the inverters are told to stop. */
  readonly produces: boolean;
  readonly mode: StorageMode;
  /** What is kept for an outage, and what is kept even then. */
  readonly reserve: number;
  readonly veryLow: number;
  readonly chargeFromGrid: boolean;
  /** Part of the battery's power that is not asleep, 0 … 1. */
  readonly awake: number;
  /** A generator runs off grid only: always, never, or from `startSoc` up to `stopSoc`. */
  readonly generator: 'off' | 'on' | 'auto';
  readonly startSoc: number;
  readonly stopSoc: number;
  readonly chargeFromGenerator: boolean;
}

/** As a new installation runs. */
export const usualOperation: Operation = {
  onGrid: true,
  produces: true,
  mode: 'self-consumption',
  reserve: 20,
  veryLow: 5,
  chargeFromGrid: false,
  awake: 1,
  generator: 'auto',
  startSoc: 30,
  stopSoc: 70,
  chargeFromGenerator: true,
};

/** Whether this part of the day is dear, by local hour: when `economy` uses the battery. */
export function dearHour(localHour: number): boolean {
  return localHour >= 7 && localHour < 22 && !(localHour >= 11 && localHour < 16);
}
