import { withFeatures } from '../facts.js';
import { probeOptional } from '../failures.js';
import { listedInverters } from '../interpret/inverters.js';
import type { Facts, Source, SourceContext } from '../types.js';

/** The list of inverters and AC Batteries with their last report (spec 3.8). */
export const listPath = '/api/v1/production/inverters';

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  if (facts.inverters) return facts;
  return probeOptional(context, facts, listPath, 'inverters', (reply) =>
    Array.isArray(reply) ? withFeatures({ ...facts, inverters: 'v1' }, 'inverters') : facts,
  );
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  if (facts.inverters !== 'v1') return {};
  return { inverters: listedInverters(await context.endpoints(listPath), listPath) };
}

/** The inverters with their last report, of gateways without device data or with too many devices (spec 3.8). */
export const inverterListSource: Source = {
  name: 'inverters',
  datasets: ['inverters'],
  refresh: 'slow',
  probe,
  read,
};
