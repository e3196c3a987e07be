import { withFeatures } from '../facts.js';
import { replyIfThere } from '../failures.js';
import { ctMeters, wiringOf } from '../interpret/meters.js';
import type { Facts, Source, SourceContext } from '../types.js';

const metersPath = '/ivp/meters';
const readingsPath = '/ivp/meters/readings';

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  const wiring = wiringOf(await replyIfThere(context, metersPath));
  if (wiring.meters.length === 0) return facts;
  const known: Facts = { ...facts, ...wiring };
  if (wiring.phaseCount === 1) return withFeatures(known, 'ctMeters');
  return withFeatures(known, wiring.phaseCount > 2 ? 'threePhase' : 'dualPhase', 'ctMeters');
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  if (facts.meters.length === 0) return {};
  const meters = await context.endpoints(metersPath);
  const readings = await context.endpoints(readingsPath);
  const found = ctMeters({ meters, readings }, facts, context.info.firmware);
  for (const type of found.doubtful) {
    const message = `The ${type} CT counts one of its two phases only; its sum and the phase at zero are left out.`;
    context.warn({ part: 'meters', code: 'data_quality', message });
  }
  return { meters: found.meters };
}

/** The CTs, and with them the wiring of the system (spec 3.2, 4.5). */
export const metersSource: Source = { name: 'CT meters', datasets: ['meters'], probe, read };
