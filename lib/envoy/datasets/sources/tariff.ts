import { withFeatures } from '../facts.js';
import { probeOptional } from '../failures.js';
import { hasTariff, tariff } from '../interpret/tariff.js';
import type { Facts, Parts, Source, SourceContext } from '../types.js';

const path = '/admin/lib/tariff';

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  return probeOptional(context, facts, path, 'tariff', (reply) =>
    hasTariff(reply) ? withFeatures(facts, 'tariff') : facts,
  );
}

async function read(context: SourceContext, facts: Facts): Promise<Parts> {
  if (!facts.features.includes('tariff')) return {};
  return { tariff: tariff(await context.endpoints(path), path) };
}

/** The tariff with the storage settings, which exists without a battery, too (spec 3.10, 4.13). */
export const tariffSource: Source = { name: 'tariff', datasets: ['tariff'], refresh: 'slow', probe, read };
