import { dryContactSettings, dryContactStatus } from '../interpret/dry-contacts.js';
import type { Facts, Parts, Refresh, Source, SourceContext } from '../types.js';

function dryContactSource(
  name: string,
  path: string,
  refresh: Refresh,
  interpret: (reply: unknown, endpoint: string) => Parts,
): Source {
  const read = async (context: SourceContext, facts: Facts): Promise<Parts> => {
    if (!facts.features.includes('systemController')) return {};
    return { dryContacts: interpret(await context.endpoints(path), path) };
  };
  return { name, datasets: ['dryContacts'], refresh, probe: (_context, facts) => Promise.resolve(facts), read };
}

/** Whether the dry contacts of the system controller are open or closed (spec 3.9, 4.10). */
export const dryContactStatusSource = dryContactSource(
  'dry contacts',
  '/ivp/ensemble/dry_contacts',
  'slow',
  dryContactStatus,
);

/** What opens and closes the dry contacts (spec 4.10). */
export const dryContactSettingsSource = dryContactSource(
  'dry contact settings',
  '/ivp/ss/dry_contact_settings',
  'static',
  dryContactSettings,
);
