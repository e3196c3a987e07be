import type { View } from '../identity.js';
import type { JsonObject } from '../state.js';
import { since } from '../version.js';

const loads = ['Heat pump', 'Pool', 'Car charger', ''];

function initialSettings(view: View, id: string, index: number): JsonObject {
  const { firmware, equipment } = view.identity;
  const name = equipment.dryContacts ? (loads[index] ?? '') : '';
  const [type, shed, apply] = name ? ['LOAD', 'shed', 'apply'] : ['NONE', 'none', 'none'];
  return {
    id,
    type,
    grid_action: apply,
    micro_grid_action: shed,
    gen_action: shed,
    ...(since(firmware, '8.3.0') && { safe_state_action: 'shed' }),
    ...(equipment.systemController && {
      essential_start_time: 25_200,
      essential_end_time: 61_200,
      priority: index + 1,
      black_s_start: 5,
    }),
    ...(since(firmware, '8.3.0') && { black_start_retries: 10, action_retries: 1 }),
    override: name ? 'true' : 'false',
    ...(equipment.systemController && { manual_override: 'true' }),
    load_name: name,
    mode: index === 1 && name ? 'soc' : 'manual',
    soc_low: 30,
    soc_high: 70,
    ...(since(firmware, '8.3.0') && { pv_phase_select: [] }),
    pv_serial_nb: [],
  };
}

/** The settings of all dry contacts (spec/envoy 4.10). */
export function currentContactSettings(view: View): readonly JsonObject[] {
  return (
    view.state.contactSettings ?? Object.keys(view.state.contacts).map((id, index) => initialSettings(view, id, index))
  );
}

/** The document of `/ivp/ss/dry_contact_settings`. */
export function contactSettingsDocument(view: View): JsonObject {
  return { dry_contacts: currentContactSettings(view) };
}

/** The document of `/ivp/ensemble/dry_contacts`; without a controller all are open. */
export function contactsDocument({ identity, state }: View): JsonObject {
  const contacts = Object.entries(state.contacts);
  const { systemController } = identity.equipment;
  return { dry_contacts: contacts.map(([id, status]) => ({ id, status: systemController ? status : 'open' })) };
}
