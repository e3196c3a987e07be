import { usableTimeZone } from '../../../../lib/envoy/datasets/local-midnight.js';
import { isQuietTime } from '../../../../lib/envoy/gentle/quiet-window.js';
import type { GatewayPayload } from '../../../../lib/envoy/payload.js';
import { EnergyError } from '../../../../lib/errors.js';
import type { GatewayOptions, SimulatedGateway, Truth } from '../../../../simulator/index.js';
import { createPlant, type Plant } from '../../../../simulator/model/plant.js';
import { credentialsOf, hour, minute, SessionWorld, type OpenSession } from '../../../support/session.js';

/** The gateway's day: a summer day of a zone that is two hours ahead of UTC and of most computers that run tests. */
const midnight = Date.UTC(2026, 5, 19, 22);
const timeZone = 'Europe/Paris';

/** A moment of the day, ms since the epoch, by local time; hours may go past 24. */
export function at(localHour: number, localMinute = 0): number {
  return midnight + localHour * hour + localMinute * minute;
}

/** From before sunrise to after the next midnight. */
export const start = at(4, 30);
const end = at(24, 30);
/** Between two readings. */
export const interval = minute;

/** Something that happens to the gateway. */
export interface Happening {
  readonly at: number;
  readonly act: (gateway: SimulatedGateway) => unknown;
}

/** What came out of a reading, and what really was then. */
export interface Entry {
  readonly at: number;
  readonly payload?: GatewayPayload;
  readonly error?: EnergyError;
  readonly truth: Truth;
}

const commissionedAt = Date.UTC(2026, 0, 1);

/** A house on a phase with twelve panels and a battery, and the account of an installer, whose tokens live twelve hours. */
const house = {
  firmware: '8.2.4345',
  timeZone,
  inverters: 12,
  phases: 1,
  seed: 1,
  latitude: 46,
  longitude: 4.8,
  commissionedAt,
  batteries: { count: 1, capacityWh: 5000 },
} satisfies GatewayOptions;

/** The same house as the model has it: its counters as they really are. */
export function plant(): Plant {
  const { seed, latitude, longitude, inverters, phases } = house;
  const storage = { capacity: 5000, power: 2500, devices: 1 };
  return createPlant({ seed, latitude, longitude, timeZone, inverters, phases, commissionedAt, storage });
}

/** A session that a timer reads all day long, and everything that it said. */
export class SimulatedDay {
  readonly world: SessionWorld;
  readonly opened: OpenSession;
  readonly log: Entry[] = [];

  private constructor(world: SessionWorld) {
    this.world = world;
    this.opened = world.open({ credentials: credentialsOf('installer') });
  }

  static async begin(): Promise<SimulatedDay> {
    // The gateway looks at the clock before there is a world that has it.
    const worlds: SessionWorld[] = [];
    const clock = (): number => worlds[0]?.now() ?? start;
    // The sun stands there at the start anyway: model and clock tell the same time.
    const world = await SessionWorld.start({ ...house, clock, startAt: 4.5 });
    worlds.push(world);
    world.advance(start - world.now());
    return new SimulatedDay(world);
  }

  get gateway(): SimulatedGateway {
    return this.world.gateway;
  }

  /** Reads once an interval from start to end while things happen. */
  async pass(happenings: readonly Happening[]): Promise<void> {
    const coming = happenings.toSorted((one, other) => one.at - other.at);
    for (let time = start; time <= end; time += interval) {
      this.world.advance(time - this.world.now());
      while (coming[0] && coming[0].at <= time) await coming.shift()?.act(this.gateway);
      this.log.push(await this.#look(time));
      await this.opened.idle();
    }
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** As the node reads by its timer. */
  async #look(time: number): Promise<Entry> {
    const truth = this.gateway.truth();
    const patient = !isQuietTime(time, usableTimeZone(this.opened.session.state.timeZone));
    try {
      const payload = await this.opened.session.read({ datasets: [], raw: false, gentle: true, patient });
      return { at: time, payload, truth };
    } catch (error) {
      if (!(error instanceof EnergyError)) throw error;
      return { at: time, error, truth };
    }
  }
}
