import { asEnergyError } from '../../../errors.js';
import { atLeast, netOverTotalMinimum } from '../../firmware.js';
import { withFeatures, withReport } from '../facts.js';
import { replyIfThere } from '../failures.js';
import { activePhases, consumption, consumptionEntry, meteredProduction } from '../interpret/production-report.js';
import { isOverwritten, repairTotal } from '../interpret/total-repair.js';
import type { MeasuredTotals } from '../interpret/totals.js';
import type { Facts, Source, SourceContext } from '../types.js';
import { reportPaths } from './metered-production.js';

function withConsumption(facts: Facts, path: string, report: unknown): Facts {
  let known = withReport(facts, path);
  const total = known.consumptionPath === undefined ? consumptionEntry(report, 'total-consumption') : undefined;
  const net = known.netConsumptionPath === undefined ? consumptionEntry(report, 'net-consumption') : undefined;
  for (const entry of [total, net]) {
    if (entry) known = { ...known, activePhaseCount: Math.max(known.activePhaseCount, activePhases(entry)) };
  }
  if (total) known = withFeatures({ ...known, consumptionPath: path }, 'totalConsumption');
  if (net) known = withFeatures({ ...known, netConsumptionPath: path }, 'netConsumption');
  return known;
}

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  let known = facts;
  for (const path of reportPaths) {
    if (known.consumptionPath !== undefined && known.netConsumptionPath !== undefined) break;
    const report = await replyIfThere(context, path);
    if (report !== undefined) known = withConsumption(known, path, report);
  }
  return known;
}

/** One kind of consumption; undefined, with a warning, where the report that answered has no usable values of it. */
async function readOne(
  context: SourceContext,
  facts: Facts,
  kind: 'consumption' | 'netConsumption',
): Promise<MeasuredTotals | undefined> {
  const path = kind === 'consumption' ? facts.consumptionPath : facts.netConsumptionPath;
  if (path === undefined) return undefined;
  const report = await context.endpoints(path);
  try {
    const type = kind === 'consumption' ? 'total-consumption' : 'net-consumption';
    const found = consumption(report, type, path, facts.phaseCount);
    if (found) return found;
    const message = `The ${type} meter is missing from the report this time; it is left out.`;
    context.warn({ part: kind, code: 'data_quality', message });
  } catch (error) {
    const { code, message } = asEnergyError(error);
    context.warn({ part: kind, code, message });
  }
  return undefined;
}

async function productionBeside(context: SourceContext, facts: Facts): Promise<MeasuredTotals | undefined> {
  if (facts.production?.kind !== 'eim') return undefined;
  const { path } = facts.production;
  const report = await context.endpoints(path);
  try {
    return meteredProduction(report, path, facts.phaseCount);
  } catch {
    // The production source reports what is wrong with it.
    return undefined;
  }
}

/** Total consumption with the repair of spec 4.3; undefined, with a warning, where it is wrong and cannot be repaired. */
async function repairedTotal(
  context: SourceContext,
  facts: Facts,
  total: MeasuredTotals,
  net: MeasuredTotals,
): Promise<MeasuredTotals | undefined> {
  if (!facts.features.includes('metering') || !atLeast(context.info.firmware, netOverTotalMinimum)) return total;
  const production = await productionBeside(context, facts);
  if (production) return repairTotal(total, net, production);
  if (!isOverwritten(total, net)) return total;
  const message = 'The gateway gives net for total consumption, which needs production to be put right.';
  context.warn({ part: 'consumption', code: 'data_quality', message });
  return undefined;
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  const net = await readOne(context, facts, 'netConsumption');
  let total = await readOne(context, facts, 'consumption');
  if (total && net) total = await repairedTotal(context, facts, total, net);
  return { ...(total && { consumption: total }), ...(net && { netConsumption: net }) };
}

/** Total and net consumption of the house, from the production reports (spec 3.3, 4.3). */
export const consumptionSource: Source = { name: 'consumption', datasets: ['consumption'], probe, read };
