import { EnergyError } from '../../../errors.js';
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

function explain(outcomes: readonly Outcome[], context: SourceContext, facts: Facts): string {
  const { firmware } = context.info;
  if (!outcomes.includes('answered')) {
    return outcomes.includes('page')
      ? `The gateway answers with web pages only: this firmware (${firmware}) has no JSON interface to read production from.`
      : `The gateway (firmware ${firmware}) has none of the production reports, or gives them to another role only.`;
  }
  const summary = isFrozen(context.info, facts.meters.length)
    ? 'an outdated summary'
    : 'a summary that counts no energy';
  const v1 = outcomes.at(-1) === 'answered' ? summary : 'no summary';
  return `The gateway (firmware ${firmware}) answers, but without production: no meter in use, ${v1}, no active inverter.`;
}

/**
 * Why a gateway has no production source: `no_production_source` with the reason in words.
 * @throws EnergyError the refusal of `/api/v1/production`: this is where wrong credentials show up (spec 3.4).
 */
export async function noProductionSource(context: SourceContext, facts: Facts): Promise<EnergyError> {
  const outcomes: Outcome[] = [];
  for (const path of [...reportPaths, v1Path]) outcomes.push(await outcomeOf(context, path));
  return new EnergyError('no_production_source', explain(outcomes, context, facts), {
    parameters: { firmware: context.info.firmware },
  });
}
