import { isDeepStrictEqual } from 'node:util';
import { fastClock, shiftToHour } from '../model/clock.js';
import { createPlant } from '../model/plant.js';
import type { Plant } from '../model/plant.js';
import { generatorPower, storageOf } from './equipment.js';
import type { Identity, View } from './identity.js';
import { operationOf } from './operation-of.js';
import { initialState } from './state.js';
import type { GatewayState } from './state.js';
import type { GatewaySwitches } from './switches.js';
import type { GatewayOptions, Truth } from './types.js';

const defaultCommissioning = Date.UTC(2026, 0, 1);

function plantOf(options: GatewayOptions, { equipment }: Identity): Plant {
  const storage = storageOf(equipment);
  return createPlant({
    seed: options.seed ?? 1,
    latitude: options.latitude ?? 46,
    longitude: options.longitude ?? 4.8,
    timeZone: options.timeZone ?? 'Europe/Paris',
    inverters: options.inverters ?? 12,
    phases: options.phases ?? 1,
    commissionedAt: options.commissionedAt ?? defaultCommissioning,
    ...(storage && { storage }),
    ...(equipment.generator && { generatorPower }),
  });
}

/** A gateway's plant and what the gateway was told about it. */
export class Installation {
  readonly #identity: Identity;
  readonly #switches: GatewaySwitches;
  readonly #clock: () => number;
  /** By how much the time of the plant runs ahead of the one that is told. */
  readonly #shift: number;
  #plant: Plant;
  #state: GatewayState;

  constructor(options: GatewayOptions, identity: Identity, switches: GatewaySwitches) {
    const { clock = options.timeScale === undefined ? Date.now : fastClock(options.timeScale) } = options;
    this.#identity = identity;
    this.#switches = switches;
    this.#clock = clock;
    this.#plant = plantOf(options, identity);
    this.#shift = options.startAt === undefined ? 0 : shiftToHour(this.#plant.calendar, clock(), options.startAt);
    this.#state = initialState(clock() + this.#shift);
  }

  get state(): GatewayState {
    return this.#state;
  }

  /** What documents are made from now. */
  view(): View {
    const shift = this.#shift;
    return {
      identity: this.#identity,
      plant: this.#plant,
      state: this.#state,
      switches: this.#switches,
      time: this.#clock() + shift,
      seconds: (plantTime) => Math.floor((plantTime - shift) / 1000),
    };
  }

  /** Changes what the gateway was told, and the way the plant runs where that follows from it. */
  change(changes: Partial<GatewayState>): void {
    this.#state = { ...this.#state, ...changes };
    const view = this.view();
    const operation = operationOf(view);
    if (isDeepStrictEqual(operation, this.#plant.operation)) return;
    const delay = operation.onGrid === this.#plant.operation.onGrid ? 0 : this.#switches.relayDelay;
    this.#plant = this.#plant.changed(view.time + delay, operation);
  }

  /** What really is now. */
  truth(): Truth {
    const { plant, time } = this.view();
    const capacity = plant.parameters.storage?.capacity ?? 0;
    return {
      time,
      production: plant.production(time).total.watts,
      grid: plant.net(time).total.watts,
      battery: plant.storage(time).total.watts,
      generator: plant.generator(time).total.watts,
      house: plant.house(time).total.watts,
      stateOfCharge: capacity > 0 ? (plant.stored(time) / capacity) * 100 : 0,
      operation: plant.operation,
    };
  }
}
