import { isDeepStrictEqual } from 'node:util';
import { invalidReply, isFields, objectsIn, present, textAt, type Fields } from '../datasets/fields.js';
import { dryContactSettings, dryContactStatus, type DryContactSettings } from '../datasets/interpret/dry-contacts.js';
import {
  between,
  changes,
  fields,
  invalid,
  oneOf,
  onlyKnown,
  serialNumbers,
  textUpTo,
  truth,
  wholeBetween,
  type Settings,
} from './checks.js';
import type { CommandDefinition, PlanContext, ReadBack } from './definition.js';
import { changedDryContact, completeDocument, dryContactKeys } from './documents.js';
import { dryContactRequest, dryContactSettingsRequest, paths } from './requests.js';
import type { DryContactArgument, DryContactChanges, DryContactId, DryContactSettingsArgument } from './types.js';

const contactId = oneOf(['NC1', 'NC2', 'NO1', 'NO2']);
const action = oneOf(['apply', 'shed', 'schedule', 'none']);
const percent = between(0, 100);
/** Seconds after midnight. */
const secondOfDay = wholeBetween(0, 86_399);

const settings: Settings<DryContactChanges> = {
  type: { gatewayName: 'type', check: oneOf(['NONE', 'PV', 'LOAD', '3RD-PV']) },
  mode: { gatewayName: 'mode', check: oneOf(['manual', 'soc']) },
  gridAction: { gatewayName: 'grid_action', check: action },
  microGridAction: { gatewayName: 'micro_grid_action', check: action },
  generatorAction: { gatewayName: 'gen_action', check: action },
  override: { gatewayName: 'override', check: truth },
  manualOverride: { gatewayName: 'manual_override', check: truth },
  loadName: { gatewayName: 'load_name', check: textUpTo(64) },
  socLow: { gatewayName: 'soc_low', check: percent },
  socHigh: { gatewayName: 'soc_high', check: percent },
  essentialStartTime: { gatewayName: 'essential_start_time', check: secondOfDay },
  essentialEndTime: { gatewayName: 'essential_end_time', check: secondOfDay },
  blackStart: { gatewayName: 'black_s_start', check: wholeBetween(0, 255) },
  priority: { gatewayName: 'priority', check: wholeBetween(0, 255) },
  pvSerialNb: { gatewayName: 'pv_serial_nb', check: serialNumbers },
};

function wrongOrder(): Error {
  const broken = { rule: 'notAbove', other: 'socHigh' } as const;
  return invalid('dryContactSettings.socLow', broken, 'not above "socHigh"');
}

function parseStatus(payload: unknown): DryContactArgument {
  const given = fields(payload, 'dryContact');
  onlyKnown(given, ['id', 'status'], 'dryContact');
  return {
    id: contactId(given.id, 'dryContact.id'),
    status: oneOf(['open', 'closed'])(given.status, 'dryContact.status'),
  };
}

function parseSettings(payload: unknown): DryContactSettingsArgument {
  const { id, ...rest } = fields(payload, 'dryContactSettings');
  const known = contactId(id, 'dryContactSettings.id');
  const found = changes(settings, rest, 'dryContactSettings');
  const { socLow, socHigh } = found;
  if (socLow !== undefined && socHigh !== undefined && socLow > socHigh) throw wrongOrder();
  return { ...found, id: known };
}

/** The contact with this id in a list of them, as the gateway gives it. */
async function rawContact({ document }: PlanContext, path: string, id: DryContactId, field: string): Promise<Fields> {
  const reply = await document(path);
  if (!isFields(reply) || !Array.isArray(reply.dry_contacts)) throw invalidReply(path, 'dry_contacts');
  const contacts = objectsIn(reply.dry_contacts);
  const found = contacts.find((contact) => contact.id === id);
  if (found) return found;
  const words = contacts.flatMap((contact) => textAt(contact, 'id') ?? []);
  const broken =
    words.length > 0 ? ({ rule: 'knownDryContact', words } as const) : ({ rule: 'someDryContact' } as const);
  throw invalid(field, broken, `the id of a dry contact that this gateway has (${words.join(', ') || 'it has none'})`);
}

function statusReadBack({ id, status }: DryContactArgument): ReadBack {
  return {
    path: paths.dryContacts,
    observe: (reply) => {
      const contact = dryContactStatus(reply, paths.dryContacts)[id];
      return { state: { dryContacts: present({ [id]: contact }) }, confirmed: contact?.status === status };
    },
  };
}

function settingsReadBack(id: DryContactId, wanted: DryContactChanges): ReadBack {
  const isAsWanted = (found: DryContactSettings): boolean =>
    Object.entries(wanted).every(([name, value]) => isDeepStrictEqual((found as unknown as Fields)[name], value));
  return {
    path: paths.dryContactSettings,
    observe: (reply) => {
      const contact = dryContactSettings(reply, paths.dryContactSettings)[id];
      const confirmed = contact !== undefined && isAsWanted(contact.settings);
      return { state: { dryContacts: present({ [id]: contact }) }, confirmed };
    },
  };
}

/** The changes under the gateway's names. */
function rawChanges(wanted: DryContactChanges): Fields {
  const names: Readonly<Record<string, { readonly gatewayName: string }>> = settings;
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [names[name]?.gatewayName ?? name, value]));
}

function checkOrder(contact: Fields, { socLow, socHigh }: DryContactChanges): void {
  if (socLow === undefined && socHigh === undefined) return;
  if (Number(contact.soc_low) > Number(contact.soc_high)) throw wrongOrder();
}

/** Opens or closes a dry contact (spec 5.1). */
export const dryContact: CommandDefinition<DryContactArgument> = {
  requirements: { features: ['systemController'] },
  parse: parseStatus,
  plan: async (context, argument) => {
    await rawContact(context, paths.dryContacts, argument.id, 'dryContact.id');
    return { request: dryContactRequest(argument), readBack: statusReadBack(argument) };
  },
};

/** Changes settings of a dry contact; the whole object is sent, as the gateway gives it, with the changes (spec 5.2). */
export const dryContactSettingsCommand: CommandDefinition<DryContactSettingsArgument> = {
  requirements: { features: ['systemController'] },
  parse: parseSettings,
  plan: async (context, { id, ...wanted }) => {
    const raw = await rawContact(context, paths.dryContactSettings, id, 'dryContactSettings.id');
    const changed = changedDryContact(raw, rawChanges(wanted));
    const contact = completeDocument(changed, dryContactKeys, paths.dryContactSettings);
    checkOrder(contact, wanted);
    return { request: dryContactSettingsRequest(contact), readBack: settingsReadBack(id, wanted) };
  },
};
