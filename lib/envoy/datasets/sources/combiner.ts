import { combiner } from '../interpret/combiner.js';
import type { Facts, Parts, Source, SourceContext } from '../types.js';
import { inventoryPath, probeGroup } from './ensemble-inventory.js';

async function read(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!facts.features.includes('combiner')) return {};
  const found = combiner(await context.endpoints(inventoryPath), inventoryPath);
  return found ? { combiner: found } : {};
}

/** The C6 combiner controller (spec 3.9, 4.12). */
export const combinerSource: Source = {
  name: 'combiner controller',
  datasets: ['combiner'],
  refresh: 'static',
  probe: probeGroup('C6 COMBINER CONTROLLER', 'combiner', 'combiner'),
  read,
};
