import type { DatasetName } from '../../../../lib/envoy/datasets/types.js';
import type { GatewayPayload } from '../../../../lib/envoy/payload.js';
import type { GatewayOptions, SimulatedGateway } from '../../../../simulator/index.js';
import { SessionWorld, type OpenSession } from '../../../support/session.js';

export const report = '/production.json?details=1';
export const readings = '/ivp/meters/readings';
export const reports = '/ivp/meters/reports';

/** The totals of one quantity of a payload. */
export interface Totals {
  readonly wattsNow: number;
  readonly wattHoursToday: number;
  readonly wattHoursLast7Days: number;
  readonly wattHoursLifetime: number;
  readonly source: string;
  readonly phases?: Readonly<Record<string, Omit<Totals, 'source' | 'phases'>>>;
}

/** A session with a simulated gateway, both on one clock that tests put forward. */
export class House {
  readonly world: SessionWorld;
  readonly opened: OpenSession;

  private constructor(world: SessionWorld) {
    this.world = world;
    this.opened = world.open();
  }

  static async build(options: GatewayOptions = {}): Promise<House> {
    // The gateway asks for the time before the world has a clock.
    const clocks: SessionWorld[] = [];
    const clock = (): number => clocks[0]?.now() ?? Date.now();
    const world = await SessionWorld.start({ clock, firmware: '8.3.5169', ...options });
    clocks.push(world);
    return new House(world);
  }

  get gateway(): SimulatedGateway {
    return this.world.gateway;
  }

  /** What a timer reads, after so many seconds. */
  async timer(seconds = 60, datasets: readonly DatasetName[] = []): Promise<GatewayPayload> {
    this.world.advance(seconds * 1000);
    return this.opened.session.read({ datasets, raw: false, gentle: true });
  }

  /** What somebody asks for. */
  input(datasets: readonly DatasetName[] = []): Promise<GatewayPayload> {
    return this.opened.session.read({ datasets, raw: false });
  }

  /** The paths that the gateway was asked for while a task ran. */
  async asked(task: () => Promise<unknown>): Promise<string[]> {
    const { requests } = this.gateway.log;
    const before = requests.length;
    await task();
    return requests.slice(before).map(({ path, query }) => path + query);
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

/** A quantity of a payload. */
export function totalsOf(payload: GatewayPayload, quantity: string): Totals {
  return payload[quantity] as Totals;
}

/** Every key of an object, nested ones with their path, and the type of its value. */
export function shapeOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} ${typeof value}`];
  return Object.entries(value).flatMap(([key, inner]) => shapeOf(inner, `${path}.${key}`));
}
