import { batteryInventory, batteryPower, batteryTotals } from '../interpret/batteries.js';
import type { Facts, Parts, Source, SourceContext } from '../types.js';
import { inventoryPath, probeGroup } from './ensemble-inventory.js';

/** The sums over the batteries, and the reserve (spec 4.7). */
export const securityControlPath = '/ivp/ensemble/secctrl';
const powerPath = '/ivp/ensemble/power';

const hasBatteries = (facts: Facts): boolean => facts.features.includes('batteries');
const asFound = (_context: SourceContext, facts: Facts): Promise<Facts> => Promise.resolve(facts);

async function readInventory(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!hasBatteries(facts)) return {};
  return { batteries: { units: batteryInventory(await context.endpoints(inventoryPath), inventoryPath) } };
}

async function readPower(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!hasBatteries(facts)) return {};
  return { batteries: { units: batteryPower(await context.endpoints(powerPath), powerPath) } };
}

async function readTotals(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!hasBatteries(facts)) return {};
  const reply = await context.endpoints(securityControlPath);
  return { batteries: { aggregate: batteryTotals(reply, securityControlPath) } };
}

/** The IQ Batteries with their state (spec 3.9, 4.7). */
export const batteryInventorySource: Source = {
  name: 'battery inventory',
  datasets: ['batteries'],
  refresh: 'slow',
  probe: probeGroup('ENCHARGE', 'batteries', 'batteries'),
  read: readInventory,
};

/** Power and charge of each IQ Battery, beside its state. */
export const batteryPowerSource: Source = {
  name: 'battery power',
  datasets: ['batteries'],
  probe: asFound,
  read: readPower,
};

/** The sums over the IQ Batteries. */
export const batteryTotalsSource: Source = {
  name: 'battery totals',
  datasets: ['batteries'],
  probe: asFound,
  read: readTotals,
};
