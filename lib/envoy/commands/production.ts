import { flagAt, present, requiredFields } from '../datasets/fields.js';
import { invalid, truth } from './checks.js';
import type { CommandDefinition, Observation } from './definition.js';
import { paths, productionRequest } from './requests.js';
import type { OnOff } from './types.js';

function observe(reply: unknown, wanted: OnOff): Observation {
  const fields = requiredFields(reply, paths.powerMode, 'powerForcedOff');
  const powerForcedOff = flagAt(fields, 'powerForcedOff');
  return { state: { production: present({ powerForcedOff }) }, confirmed: powerForcedOff === (wanted === 'off') };
}

function parse(payload: unknown): OnOff {
  try {
    return truth(payload, 'production') ? 'on' : 'off';
  } catch {
    throw invalid('production', { rule: 'truth' }, 'on, off, true or false');
  }
}

/**
 * Lets the inverters produce or stops them (spec 7.5). Beside the production of the payload the state read back holds
 * `powerForcedOff`.
 */
export const production: CommandDefinition<OnOff> = {
  requirements: { features: [], role: 'installer' },
  parse,
  plan: async ({ document }, wanted) => {
    // Gateways whose module has another number have no such path; asking first keeps the write from them.
    await document(paths.powerMode);
    return {
      request: productionRequest(wanted),
      readBack: { path: paths.powerMode, observe: (reply) => observe(reply, wanted) },
    };
  },
};
