import { atLeast } from '../firmware.js';

/** The oldest firmware that is asked about batteries and generators (spec/envoy 1.2). */
const ensembleMinimum = '5.0.0';
const ensemblePath = /^\/ivp\/(ensemble|ss)\//;

/**
 * What diagnostics ask for, in this order: every endpoint that a dataset is read from, and those that tell a
 * maintainer what else there is (spec/envoy 7). All are read only. `/admin/lib/network_display.json` and the like are
 * left out on purpose: they hold little but what would have to be redacted.
 */
const diagnosticPaths: readonly string[] = [
  '/info',
  '/production.json?details=1',
  '/production',
  '/api/v1/production',
  '/api/v1/production/inverters',
  '/ivp/meters',
  '/ivp/meters/readings',
  '/ivp/meters/reports',
  '/ivp/meters/gridReading',
  '/ivp/pdm/energy',
  '/ivp/pdm/device_data',
  '/ivp/ensemble/inventory',
  '/ivp/ensemble/power',
  '/ivp/ensemble/secctrl',
  '/ivp/ensemble/dry_contacts',
  '/ivp/ensemble/generator',
  '/ivp/ss/dry_contact_settings',
  '/ivp/ss/gen_config',
  '/ivp/ss/gen_schedule',
  '/ivp/ss/gen_mode',
  '/admin/lib/tariff',
  '/ivp/livedata/status',
  '/home',
  '/inv',
  '/inventory.json?deleted=1',
];

/** The endpoints to ask a gateway of this firmware; all of them where it is not known. */
export function endpointsFor(firmware: string | undefined): readonly string[] {
  if (firmware === undefined || atLeast(firmware, ensembleMinimum)) return diagnosticPaths;
  return diagnosticPaths.filter((path) => !ensemblePath.test(path));
}
