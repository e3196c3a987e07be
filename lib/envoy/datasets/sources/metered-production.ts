import { atLeast } from '../../firmware.js';
import { withFeatures, withReport } from '../facts.js';
import { replyIfThere } from '../failures.js';
import { activeMeterEntry, activePhases, meterEntry, meteredProduction } from '../interpret/production-report.js';
import type { Facts, Source, SourceContext } from '../types.js';
import { productionPart } from './production-quality.js';

/** The production reports, in the order in which they are tried (spec 3.3). */
export const reportPaths = ['/production.json?details=1', '/production'] as const;

/** From this version on the meter may drop out of the report for single polls (spec 3.6). */
const dropoutMinimum = '8.3.5528';

/** Whether the meter is out of this report for the moment, although its CT is in use. */
function isDropout(context: SourceContext, facts: Facts, report: unknown): boolean {
  const hasCt = facts.meters.some((meter) => meter.measurementType === 'production');
  return hasCt && meterEntry(report) !== undefined && atLeast(context.info.firmware, dropoutMinimum);
}

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  let known = facts;
  for (const path of reportPaths) {
    const report = await replyIfThere(context, path);
    if (report === undefined) continue;
    known = withReport(known, path);
    const entry = activeMeterEntry(report);
    if (entry) {
      const activePhaseCount = Math.max(known.activePhaseCount, activePhases(entry));
      return withFeatures({ ...known, activePhaseCount, production: { kind: 'eim', path } }, 'production', 'metering');
    }
    if (isDropout(context, facts, report)) known = { ...known, incomplete: true };
  }
  return known;
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  if (facts.production?.kind !== 'eim') return {};
  const { path } = facts.production;
  const production = meteredProduction(await context.endpoints(path), path, facts.phaseCount);
  if (production) return productionPart(context.info, production);
  const message = 'The production meter is missing from the report this time; production is left out.';
  context.warn({ part: 'production', code: 'data_quality', message });
  return {};
}

/** Production measured by a CT, from the first production report that has it (spec 3.3). */
export const meteredProductionSource: Source = {
  name: 'metered production',
  datasets: ['production'],
  required: true,
  probe,
  read,
};
