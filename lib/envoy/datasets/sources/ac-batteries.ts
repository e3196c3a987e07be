import { asEnergyError } from '../../../errors.js';
import { withFeatures } from '../facts.js';
import { endsCycle, meansNotThere, probeOptional, replyIfThere } from '../failures.js';
import { acBatteryCount, acBatteryPower, acBatteryUnits, hasAcBatteries } from '../interpret/ac-batteries.js';
import type { Facts, Parts, Source, SourceContext } from '../types.js';
import { listPath } from './inverter-list.js';

const inventoryPath = '/inventory.json?deleted=1';

async function probePower(context: SourceContext, facts: Facts): Promise<Facts> {
  for (const path of facts.productionPaths) {
    const acBatteryTotal = acBatteryCount(await replyIfThere(context, path));
    if (acBatteryTotal === undefined) continue;
    return withFeatures({ ...facts, acBatteryCount: acBatteryTotal, acBatteryPath: path }, 'acBatteries');
  }
  return facts;
}

async function readPower(context: SourceContext, facts: Facts): Promise<Parts> {
  const path = facts.acBatteryPath;
  if (path === undefined) return {};
  return { acBatteries: { power: acBatteryPower(await context.endpoints(path), path) } };
}

async function probeInventory(context: SourceContext, facts: Facts): Promise<Facts> {
  if (!facts.features.includes('acBatteries')) return facts;
  return probeOptional(context, facts, inventoryPath, 'acBatteries', (reply) =>
    hasAcBatteries(reply) ? { ...facts, acBatteryInventory: true } : facts,
  );
}

/** The list that has the last reports of the batteries; undefined, with a warning where there should be one. */
async function reports(context: SourceContext): Promise<unknown> {
  try {
    return await context.endpoints(listPath);
  } catch (cause) {
    const error = asEnergyError(cause);
    if (endsCycle(error)) throw error;
    const { code, message } = error;
    if (!meansNotThere(error)) context.warn({ part: 'acBatteries', code, message });
    return undefined;
  }
}

async function readInventory(context: SourceContext, facts: Facts): Promise<Parts> {
  if (facts.acBatteryInventory !== true) return {};
  const inventory = await context.endpoints(inventoryPath);
  const units = acBatteryUnits({ inventory, inverters: await reports(context) }, inventoryPath);
  return { acBatteries: { units } };
}

/** Power and charge of the AC Batteries, from the production report (spec 3.3, 4.8). */
export const acBatteryPowerSource: Source = {
  name: 'AC Battery power',
  datasets: ['acBatteries'],
  probe: probePower,
  read: readPower,
};

/** The AC Batteries one by one, from an endpoint that takes seconds and changes every quarter of an hour (spec 3.11). */
export const acBatteryInventorySource: Source = {
  name: 'AC Battery inventory',
  datasets: ['acBatteries'],
  refresh: 'slow',
  probe: probeInventory,
  read: readInventory,
};
