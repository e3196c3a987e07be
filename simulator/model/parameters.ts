import type { StorageParameters } from './battery.js';
import type { Operation } from './operation.js';
import type { Site } from './sun.js';

/** A house with panels, and maybe with batteries and a generator. */
export interface PlantParameters extends Site {
  readonly seed: number;
  readonly inverters: number;
  readonly phases: 1 | 2 | 3;
  readonly timeZone: string;
  /** ms since the epoch; before it nothing was produced or counted. */
  readonly commissionedAt: number;
  /** All batteries together, and how many devices they are: on three phases each hangs on one. Half full at the start. */
  readonly storage?: StorageParameters & { readonly devices: number };
  /** The most that a generator gives, W. */
  readonly generatorPower?: number;
  /** How it runs from the commissioning on. */
  readonly operation?: Operation;
}
