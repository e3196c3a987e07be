import { systemController } from '../interpret/system-controller.js';
import type { Facts, Parts, Source, SourceContext } from '../types.js';
import { inventoryPath, probeGroup } from './ensemble-inventory.js';

async function read(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!facts.features.includes('systemController')) return {};
  const found = systemController(await context.endpoints(inventoryPath), inventoryPath);
  return found ? { systemController: found } : {};
}

/** The system controller with the state of the grid relay (spec 3.9, 4.9). */
export const systemControllerSource: Source = {
  name: 'system controller',
  datasets: ['systemController'],
  probe: probeGroup('ENPOWER', 'systemController', 'systemController'),
  read,
};
