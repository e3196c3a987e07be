import type { EnergyError } from '../../../errors.js';
import { findingError, type Finding } from '../../../explanations.js';
import { isRefusal, meansNotThere } from '../failures.js';
import { isFrozen } from '../interpret/v1-production.js';
import type { Facts, SourceContext } from '../types.js';
import { reportPaths } from './metered-production.js';
import { v1Path } from './v1-production.js';

type Outcome = 'answered' | 'page' | 'refused' | 'missing';

async function outcomeOf(context: SourceContext, path: string): Promise<Outcome> {
  try {
    await context.endpoints(path);
    return 'answered';
  } catch (error) {
    if (!meansNotThere(error)) throw error;
    // Endpoints of production refuse wrong credentials in different ways; this one refuses for no other reason.
    if (isRefusal(error) && path === v1Path) throw error;
    if (isRefusal(error)) return 'refused';
    return error.code === 'reply_invalid' ? 'page' : 'missing';
  }
}

function findingOf(outcomes: readonly Outcome[], context: SourceContext, facts: Facts): Exclude<Finding, 'allZero'> {
  if (!outcomes.includes('answered')) return outcomes.includes('page') ? 'webPagesOnly' : 'noReports';
  if (outcomes.at(-1) !== 'answered') return 'noSummary';
  return isFrozen(context.info, facts.meters.length) ? 'outdatedSummary' : 'emptySummary';
}

const withoutProduction = (firmware: string, summary: string): string =>
  `The gateway (firmware ${firmware}) answers, but without production: no meter in use, ${summary}, no active inverter.`;

/** The findings of this source in English, by the firmware. */
const messages: Readonly<Record<Exclude<Finding, 'allZero'>, (firmware: string) => string>> = {
  webPagesOnly: (firmware) =>
    `The gateway answers with web pages only: this firmware (${firmware}) has no JSON interface to read production from.`,
  noReports: (firmware) =>
    `The gateway (firmware ${firmware}) has none of the production reports, or gives them to another role only.`,
  outdatedSummary: (firmware) => withoutProduction(firmware, 'an outdated summary'),
  emptySummary: (firmware) => withoutProduction(firmware, 'a summary that counts no energy'),
  noSummary: (firmware) => withoutProduction(firmware, 'no summary'),
};

/**
 * Why a gateway has no production source: `no_production_source` with the reason in words.
 * @throws EnergyError the refusal of `/api/v1/production`: this is where wrong credentials show up (spec 3.4).
 */
export async function noProductionSource(context: SourceContext, facts: Facts): Promise<EnergyError> {
  const outcomes: Outcome[] = [];
  for (const path of [...reportPaths, v1Path]) outcomes.push(await outcomeOf(context, path));
  const { firmware } = context.info;
  const finding = findingOf(outcomes, context, facts);
  return findingError('no_production_source', finding, messages[finding](firmware), { firmware });
}
