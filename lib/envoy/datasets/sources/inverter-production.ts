import { withFeatures } from '../facts.js';
import { hasActiveInverters, inverterProduction } from '../interpret/production-report.js';
import type { Facts, Source, SourceContext } from '../types.js';
import { noProductionSource } from './no-production.js';
import { productionPart } from './production-quality.js';

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  if (facts.production) return facts;
  for (const path of facts.productionPaths) {
    if (!hasActiveInverters(await context.endpoints(path))) continue;
    return withFeatures({ ...facts, production: { kind: 'inverters', path } }, 'production');
  }
  throw await noProductionSource(context, facts);
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  if (facts.production?.kind !== 'inverters') return {};
  const { path } = facts.production;
  return productionPart(context.info, inverterProduction(await context.endpoints(path), path));
}

/**
 * Production as the sum of the inverters in a production report: the last resort (spec 3.5), after which a gateway
 * without production is given up with the reason.
 */
export const inverterProductionSource: Source = {
  name: 'production of the inverters',
  datasets: ['production'],
  required: true,
  probe,
  read,
};
