import { contactsDocument, contactSettingsDocument, currentContactSettings } from '../documents/contacts.js';
import { relayDocument } from '../documents/ensemble.js';
import { isObject, relayStands } from '../state.js';
import type { RelayPosition } from '../state.js';
import { changed, refused } from './outcome.js';
import type { Write } from './outcome.js';

function isPosition(value: unknown): value is RelayPosition {
  return value === 'open' || value === 'closed';
}

/** POST `/ivp/ensemble/relay`: joins the grid or leaves it (spec/envoy 5.1). */
export const writeRelay: Write = ({ state, time, switches }, body) => {
  const wanted = isObject(body) ? body['mains_admin_state'] : undefined;
  if (!isPosition(wanted)) return refused('mains_admin_state');
  const before = relayStands(state, time, switches.relayDelay);
  return changed({ relay: { wanted, before, since: time } }, relayDocument);
};

/** POST `/ivp/ensemble/dry_contacts`: opens or closes one (spec/envoy 5.1). */
export const writeContact: Write = ({ state }, body) => {
  const contact = isObject(body) ? body['dry_contacts'] : undefined;
  const { id, status } = isObject(contact) ? contact : {};
  if (typeof id !== 'string' || !Object.hasOwn(state.contacts, id) || !isPosition(status))
    return refused('dry_contacts');
  return changed({ contacts: { ...state.contacts, [id]: status } }, contactsDocument);
};

/** Without these the gateway goes down (spec/envoy 5.2). */
const needed = [
  'id',
  'type',
  'grid_action',
  'micro_grid_action',
  'gen_action',
  'override',
  'load_name',
  'mode',
  'soc_low',
  'soc_high',
  'pv_serial_nb',
];

/** POST `/ivp/ss/dry_contact_settings`: what is sent replaces what was; what is left out is gone (spec/envoy 5.2). */
export const writeContactSettings: Write = (view, body) => {
  const sent = isObject(body) ? body['dry_contacts'] : undefined;
  const current = currentContactSettings(view);
  if (!isObject(sent) || !current.some(({ id }) => id === sent['id'])) return refused('dry_contacts');
  const missing = needed.filter((key) => !Object.hasOwn(sent, key));
  if (missing.length > 0) return { kind: 'crashed', reason: `incomplete: ${missing.join(', ')}` };
  const flags = [sent['override'], sent['manual_override'] ?? 'true'];
  if (flags.some((flag) => flag !== 'true' && flag !== 'false')) return refused('override');
  const contactSettings = current.map((settings) => (settings['id'] === sent['id'] ? sent : settings));
  return changed({ contactSettings }, contactSettingsDocument);
};
