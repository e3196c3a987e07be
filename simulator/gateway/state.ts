/** A JSON object as it is sent and kept. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Where a relay stands or shall stand. */
export type RelayPosition = 'open' | 'closed';

/** An AC battery that was told to sleep, or to wake again. */
export interface SleepOrder {
  readonly asleep: boolean;
  readonly minimum: number;
  readonly maximum: number;
  /** When it was told, ms of the plant. */
  readonly since: number;
}

/** What a gateway can be told, as it is at the moment. Documents that nobody wrote yet are absent. */
export interface GatewayState {
  /** The relay to the grid: what is wanted, since when, and where it stood before. */
  readonly relay: { readonly wanted: RelayPosition; readonly before: RelayPosition; readonly since: number };
  /** Where the dry contacts stand, by id. */
  readonly contacts: Readonly<Record<string, string>>;
  readonly contactSettings: readonly JsonObject[] | undefined;
  /** The whole document of the tariff. */
  readonly tariff: JsonObject | undefined;
  readonly generatorMode: 'off' | 'on' | 'auto';
  readonly generatorConfig: JsonObject | undefined;
  readonly generatorSchedule: JsonObject | undefined;
  /** By serial number. */
  readonly sleep: Readonly<Record<string, SleepOrder>>;
  readonly productionOff: boolean;
  /** Live data move from `since` to `until`, ms of the plant, and stay as they were then. */
  readonly live: { readonly since: number; readonly until: number };
}

/** The state of a gateway that starts at `time`, ms of the plant. */
export function initialState(time: number): GatewayState {
  return {
    relay: { wanted: 'closed', before: 'closed', since: 0 },
    contacts: { NC1: 'closed', NC2: 'closed', NO1: 'closed', NO2: 'closed' },
    contactSettings: undefined,
    tariff: undefined,
    generatorMode: 'auto',
    generatorConfig: undefined,
    generatorSchedule: undefined,
    sleep: {},
    productionOff: false,
    live: { since: time, until: time },
  };
}

/** Where the relay to the grid really stands: it takes its time. */
export function relayStands({ relay }: GatewayState, time: number, delay: number): RelayPosition {
  return time - relay.since >= delay ? relay.wanted : relay.before;
}

/** Whether this is a JSON object and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
