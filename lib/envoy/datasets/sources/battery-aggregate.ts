import { batteryAggregate } from '../interpret/batteries.js';
import type { Facts, Feature, Parts, Source, SourceContext } from '../types.js';
import { securityControlPath } from './batteries.js';

const ensemble: readonly Feature[] = ['batteries', 'systemController', 'collar', 'combiner'];

async function read(context: SourceContext, facts: Facts): Promise<Parts> {
  const hasEnsemble = ensemble.some((feature) => facts.features.includes(feature));
  if (!facts.features.includes('acBatteries') || !hasEnsemble) return {};
  return { batteryAggregate: batteryAggregate(await context.endpoints(securityControlPath), securityControlPath) };
}

/** IQ and AC Batteries together, of gateways that have the endpoints of the former and the latter (spec 4.8). */
export const batteryAggregateSource: Source = {
  name: 'battery aggregate',
  datasets: ['acBatteries', 'batteries'],
  probe: (_context, facts) => Promise.resolve(facts),
  read,
};
