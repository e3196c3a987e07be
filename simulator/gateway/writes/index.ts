import { measuresProduction } from '../identity.js';
import type { View } from '../identity.js';
import { since } from '../version.js';
import { writeSleep, writeWake } from './ac-batteries.js';
import { writeContact, writeContactSettings, writeRelay } from './ensemble.js';
import { writeGeneratorConfig, writeGeneratorMode, writeGeneratorSchedule } from './generator.js';
import type { Write } from './outcome.js';
import { writeLiveStream, writePower } from './power.js';
import { writeTariff } from './tariff.js';

export type { Write } from './outcome.js';

interface WriteRoute {
  /** The oldest firmware that has it. */
  readonly from: string;
  readonly write: Write;
  /** Whether there is something to tell. */
  readonly present?: (view: View) => boolean;
}

const controller = ({ identity }: View): boolean => identity.equipment.systemController;
const generator = ({ identity }: View): boolean => identity.equipment.generator;
const acBatteries = ({ identity }: View): boolean => identity.equipment.acBatteries > 0;

/** Whether the gateway has live data: with meters or batteries (spec/envoy 7.2). */
export function hasLiveData({ identity }: View): boolean {
  return measuresProduction(identity) || identity.equipment.batteries !== undefined;
}

const routes: Readonly<Record<string, WriteRoute>> = {
  'POST /ivp/ensemble/relay': { from: '5.0.0', write: writeRelay, present: controller },
  'POST /ivp/ensemble/dry_contacts': { from: '5.0.0', write: writeContact, present: controller },
  'POST /ivp/ss/dry_contact_settings': { from: '5.0.0', write: writeContactSettings, present: controller },
  'PUT /admin/lib/tariff': { from: '4.0.0', write: writeTariff },
  'PUT /admin/lib/acb_config': { from: '5.0.0', write: writeSleep, present: acBatteries },
  'DELETE /admin/lib/acb_config': { from: '5.0.0', write: writeWake, present: acBatteries },
  'POST /ivp/ss/gen_mode': { from: '8.3.0', write: writeGeneratorMode, present: generator },
  'POST /ivp/ss/gen_schedule': { from: '5.0.0', write: writeGeneratorSchedule, present: generator },
  'POST /ivp/ss/gen_config': { from: '5.0.0', write: writeGeneratorConfig, present: generator },
  'PUT /ivp/mod/603980032/mode/power': { from: '4.0.0', write: writePower },
  'POST /ivp/livedata/stream': { from: '7.0.0', write: writeLiveStream, present: hasLiveData },
};

/** What takes a write; nothing where this gateway does not know it. */
export function writeFor(view: View, method: string, path: string): Write | undefined {
  const key = `${method} ${path}`;
  const route = Object.hasOwn(routes, key) ? routes[key] : undefined;
  const exists = route && since(view.identity.firmware, route.from) && (route.present?.(view) ?? true);
  return exists ? route.write : undefined;
}

/** Whether there is a write at all that this method and path name. */
export function isWrite(method: string, path: string): boolean {
  return Object.hasOwn(routes, `${method} ${path}`);
}
