import {
  camelCopy,
  flagAt,
  invalidReply,
  isFields,
  numberAt,
  objectsIn,
  present,
  textAt,
  wordAt,
  type Fields,
} from '../fields.js';

/** The settings of a dry contact (spec 4.10); words that are unknown stay as the gateway writes them. */
export interface DryContactSettings {
  readonly id: string;
  /** `NONE`, `PV`, `LOAD`, `3RD-PV`. */
  readonly type?: string;
  /** `manual`, `soc`. */
  readonly mode?: string;
  /** `apply`, `shed`, `schedule`, `none`; so the other two. */
  readonly gridAction?: string;
  readonly microGridAction?: string;
  readonly generatorAction?: string;
  readonly override?: boolean;
  readonly manualOverride?: boolean;
  readonly loadName?: string;
  /** % */
  readonly socLow?: number;
  /** % */
  readonly socHigh?: number;
  /** Seconds after midnight. */
  readonly essentialStartTime?: number;
  /** Seconds after midnight. */
  readonly essentialEndTime?: number;
  readonly blackStart?: number;
  readonly priority?: number;
  /** List of serial numbers. */
  readonly pvSerialNb?: unknown;
}

/** The contacts by their id: `NC1`, `NC2`, `NO1`, `NO2`. */
export type ById<T> = Readonly<Record<string, T>>;

function byId<T>(reply: unknown, endpoint: string, interpret: (contact: Fields, id: string) => T): ById<T> {
  if (!isFields(reply) || !Array.isArray(reply.dry_contacts)) throw invalidReply(endpoint, 'dry_contacts');
  const contacts = objectsIn(reply.dry_contacts).flatMap((contact) => {
    const id = textAt(contact, 'id');
    return id === undefined ? [] : [[id, interpret(contact, id)] as const];
  });
  return Object.fromEntries(contacts);
}

/**
 * The state of each dry contact, `open` or `closed`, from `/ivp/ensemble/dry_contacts`.
 * @throws EnergyError `reply_invalid` where the reply has no list of contacts.
 */
export function dryContactStatus(reply: unknown, endpoint: string): ById<{ readonly status?: string }> {
  return byId(reply, endpoint, (contact) => present({ status: textAt(contact, 'status') }));
}

function settingsOf(contact: Fields, id: string): { readonly settings: DryContactSettings } {
  const known = present({
    type: textAt(contact, 'type'),
    mode: textAt(contact, 'mode'),
    gridAction: textAt(contact, 'grid_action'),
    microGridAction: textAt(contact, 'micro_grid_action'),
    generatorAction: textAt(contact, 'gen_action'),
    override: flagAt(contact, 'override'),
    manualOverride: flagAt(contact, 'manual_override'),
    loadName: wordAt(contact, 'load_name'),
    socLow: numberAt(contact, 'soc_low'),
    socHigh: numberAt(contact, 'soc_high'),
    essentialStartTime: numberAt(contact, 'essential_start_time'),
    essentialEndTime: numberAt(contact, 'essential_end_time'),
    blackStart: numberAt(contact, 'black_s_start'),
    priority: numberAt(contact, 'priority'),
    pvSerialNb: camelCopy(contact.pv_serial_nb),
  });
  return { settings: { id, ...known } };
}

/**
 * The settings of each dry contact, from `/ivp/ss/dry_contact_settings`.
 * @throws EnergyError `reply_invalid` where the reply has no list of contacts.
 */
export function dryContactSettings(reply: unknown, endpoint: string): ById<{ readonly settings: DryContactSettings }> {
  return byId(reply, endpoint, settingsOf);
}
