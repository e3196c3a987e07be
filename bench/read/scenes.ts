import type { GatewayOptions } from '../../simulator/index.js';
import type { Hour } from './traffic.js';

/** An hour with a name. */
export interface Scene extends Hour {
  readonly name: string;
}

const metered: GatewayOptions = { firmware: '8.3.5169', inverters: 20, phases: 1, consumption: 'net' };
const batteries = { count: 2, withController: true };

/** What is measured: first the house that the goal is set for, then others. */
export const scenes: readonly Scene[] = [
  { name: 'metered, 20 inverters, batteries with CT', gateway: { ...metered, batteries }, interval: 60 },
  { name: 'metered, 20 inverters, batteries with CT', gateway: { ...metered, batteries }, interval: 10 },
  {
    name: 'metered, 20 inverters, batteries without CT',
    gateway: { ...metered, batteries, storageMeter: false },
    interval: 60,
  },
  { name: 'metered, 20 inverters, 3 phases', gateway: { ...metered, phases: 3 }, interval: 60 },
  { name: 'standard, 20 inverters', gateway: { ...metered, metered: false }, interval: 60 },
];
