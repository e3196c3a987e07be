import { withFeatures } from '../facts.js';
import { replyIfThere } from '../failures.js';
import { countsNothing, isFrozen, isStarting, v1Production } from '../interpret/v1-production.js';
import type { Facts, Source, SourceContext } from '../types.js';
import { productionPart, startingError } from './production-quality.js';

/** The production summary of every gateway with a JSON interface (spec 3.4). */
export const v1Path = '/api/v1/production';

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  if (facts.production) return facts;
  const reply = await replyIfThere(context, v1Path);
  if (reply === undefined) return facts;
  // A gateway that still starts must not be taken for one without production.
  if (isStarting(context.info, reply)) throw startingError(context.info, v1Path);
  if (countsNothing(reply) || isFrozen(context.info, facts.meters.length)) return facts;
  return withFeatures({ ...facts, production: { kind: 'v1', path: v1Path } }, 'production');
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  if (facts.production?.kind !== 'v1') return {};
  return productionPart(context.info, v1Production(await context.endpoints(v1Path), v1Path));
}

/** Production of gateways without a meter of their own, as every gateway sums it up (spec 3.4). */
export const v1ProductionSource: Source = {
  name: 'v1 production',
  datasets: ['production'],
  required: true,
  probe,
  read,
};
