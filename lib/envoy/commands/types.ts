import type { GatewayRequest } from '../authenticator.js';
import type { DryContactSettings } from '../datasets/interpret/dry-contacts.js';
import type { Facts, Parts } from '../datasets/types.js';
import type { GatewayInfo } from '../info.js';

/** Names of what a gateway may be told (design 3.3, spec 5.1, 7.5). */
export const commandNames = [
  'grid',
  'storageMode',
  'reserveSoc',
  'chargeFromGrid',
  'dryContact',
  'dryContactSettings',
  'generatorMode',
  'generatorSchedule',
  'chargeFromGenerator',
  'acBatterySleep',
  'acBatteryWake',
  'production',
] as const;

/** What a gateway may be told. */
export type CommandName = (typeof commandNames)[number];

/** What a command needs to know of a gateway before anything is sent. */
export interface KnownGateway {
  readonly info: GatewayInfo;
  readonly facts: Facts;
  /** Role of the account as its token tells it (`owner`, `installer`, ...); absent where it is not known. */
  readonly role?: string;
}

/** The way of a command to one gateway. */
export interface CommandGateway {
  /** Who the gateway is, what it has, and as whom it is talked to. */
  known(): Promise<KnownGateway>;
  /**
   * Sends one request with authentication, one attempt, past every cache. Gives the JSON of the reply, undefined for
   * an empty body.
   * @throws EnergyError of the exchange, as in `Endpoints`
   */
  request(request: GatewayRequest): Promise<unknown>;
  /** Ends every wait; nothing is sent after it fired. */
  readonly signal: AbortSignal;
}

/** The argument of a command that switches something. */
export type OnOff = 'on' | 'off';

/** What batteries are for (spec 5.3). */
export type StorageMode = 'backup' | 'self-consumption' | 'economy';

/** A storage mode by its word, or with the optimised schedules switched off, under which a mode has no effect (spec 5.3). */
export type StorageModeArgument =
  StorageMode | { readonly mode: StorageMode; readonly disableOptimizedSchedules: true };

/** The dry contacts of a system controller: two that are closed at rest and two that are open. */
export type DryContactId = 'NC1' | 'NC2' | 'NO1' | 'NO2';

/** A dry contact and the state that it is to have. */
export interface DryContactArgument {
  readonly id: DryContactId;
  readonly status: 'open' | 'closed';
}

/** Settings of a dry contact that are to change, under the names of the payload. */
export type DryContactChanges = Partial<Omit<DryContactSettings, 'id' | 'pvSerialNb'>> & {
  readonly pvSerialNb?: readonly string[];
};

/** A dry contact and the settings of it that are to change. */
export type DryContactSettingsArgument = DryContactChanges & { readonly id: DryContactId };

/** How a generator is to work. */
export type GeneratorModeWord = 'off' | 'on' | 'auto';

/** Settings of the generator's schedule that are to change, under the names of the payload (spec 5.5). */
export interface GeneratorScheduleChanges {
  /** 1 to 4. */
  readonly exerciseFreqInWeeks?: number;
  /** `Mon` to `Sun`. */
  readonly exerciseDay?: string;
  /** Minutes after midnight, 0 to 1439. */
  readonly exerciseStart?: number;
  /** Minutes, 10 to 60 in steps of 10. */
  readonly exerciseDuration?: number;
  /** %; below `defaultStopSoc`. */
  readonly defaultStartSoc?: number;
  /** % */
  readonly defaultStopSoc?: number;
}

/** An AC Battery and the charge, in %, that it keeps while it sleeps. */
export interface AcBatterySleep {
  readonly serialNumber: string;
  readonly minSoc: number;
  readonly maxSoc: number;
}

/** The argument of each command, checked. */
export interface CommandArguments {
  readonly grid: OnOff;
  readonly storageMode: StorageModeArgument;
  /** %, to one decimal. */
  readonly reserveSoc: number;
  readonly chargeFromGrid: boolean;
  readonly dryContact: DryContactArgument;
  readonly dryContactSettings: DryContactSettingsArgument;
  readonly generatorMode: GeneratorModeWord;
  readonly generatorSchedule: GeneratorScheduleChanges;
  readonly chargeFromGenerator: boolean;
  readonly acBatterySleep: readonly AcBatterySleep[];
  /** Serial numbers. */
  readonly acBatteryWake: readonly string[];
  readonly production: OnOff;
}

/**
 * What a person should know beyond `confirmed`: `cloud_may_restore` (the cloud may put storage settings back),
 * `tariff_may_be_ignored` (this firmware takes them without effect for some), `optimized_schedules` (a mode has no
 * effect while they are on), `gateway_may_restore`, `answer_lost` (the outcome is known from the state only),
 * `state_unknown` (it was sent, and the state could not be read).
 */
export type CommandWarningCode =
  | 'cloud_may_restore'
  | 'tariff_may_be_ignored'
  | 'optimized_schedules'
  | 'gateway_may_restore'
  | 'answer_lost'
  | 'state_unknown';

/** Something a person should know of a command that was sent. */
export interface CommandWarning {
  readonly code: CommandWarningCode;
  readonly message: string;
}

/** What came of a command that was sent. */
export interface CommandResult<N extends CommandName = CommandName> {
  readonly command: N;
  readonly argument: CommandArguments[N];
  /** True only where the state read back is the one that was asked for. */
  readonly confirmed: boolean;
  /** The state read back, in the shape of the data payload (design 4); empty where it could not be read. */
  readonly state: Parts;
  readonly warnings: readonly CommandWarning[];
}
