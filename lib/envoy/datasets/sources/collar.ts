import { collar } from '../interpret/collar.js';
import type { Facts, Parts, Source, SourceContext } from '../types.js';
import { inventoryPath, probeGroup } from './ensemble-inventory.js';

async function read(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!facts.features.includes('collar')) return {};
  const found = collar(await context.endpoints(inventoryPath), inventoryPath);
  return found ? { collar: found } : {};
}

/** The meter collar with the state of its relay to the grid (spec 3.9, 4.12). */
export const collarSource: Source = {
  name: 'meter collar',
  datasets: ['collar'],
  probe: probeGroup('COLLAR', 'collar', 'collar'),
  read,
};
