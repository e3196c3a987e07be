import type { GatewayOptions } from '../../simulator/index.js';

/** The house of every measurement: metered, 20 inverters in detail, two batteries behind a controller. */
export const house: GatewayOptions = {
  firmware: '8.3.5169',
  inverters: 20,
  phases: 1,
  consumption: 'net',
  detailedInverters: true,
  batteries: { count: 2, withController: true },
};
