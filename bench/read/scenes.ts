import type { GatewayOptions } from '../../simulator/index.js';
import type { Hour } from './traffic.js';

/** An hour with a name. */
export interface Scene extends Hour {
  readonly name: string;
}

const metered: GatewayOptions = { firmware: '8.3.5169', inverters: 20, phases: 1, consumption: 'net' };
/** Gateways from 8.2.4345 on list up to 49 devices in detail (spec/envoy 3.7). */
const detailed: GatewayOptions = { ...metered, detailedInverters: true };
const batteries = { count: 2, withController: true };

/** The house that the goal is set for: metered, 20 inverters, batteries with a CT of their own. */
export const goalScenes: readonly Scene[] = [60, 10].map((interval) => ({
  name: 'metered, 20 inverters in detail, batteries',
  gateway: { ...detailed, batteries },
  interval,
}));

/** Everything that is measured. */
export const scenes: readonly Scene[] = [
  ...goalScenes,
  {
    name: 'metered, 20 inverters in detail, batteries without CT',
    gateway: { ...detailed, batteries, storageMeter: false },
    interval: 60,
  },
  { name: 'metered, 20 inverters in detail, 3 phases', gateway: { ...detailed, phases: 3 }, interval: 60 },
  { name: 'metered, short list of 20 inverters, batteries', gateway: { ...metered, batteries }, interval: 60 },
  { name: 'standard, short list of 20 inverters', gateway: { ...metered, metered: false }, interval: 60 },
];
