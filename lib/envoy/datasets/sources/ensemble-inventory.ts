import { withFeatures } from '../facts.js';
import { probeOptional } from '../failures.js';
import { hasGroup, mayHaveEnsemble, type EnsembleType } from '../interpret/ensemble.js';
import type { DatasetName, Facts, Feature, SourceContext } from '../types.js';

/** The list of batteries and controllers (spec 3.9). */
export const inventoryPath = '/ivp/ensemble/inventory';

/** The probe of a device that `/ivp/ensemble/inventory` lists: a group of its type is enough, be it empty. */
export function probeGroup(type: EnsembleType, feature: Feature, part: DatasetName) {
  return async (context: SourceContext, facts: Facts): Promise<Facts> => {
    if (!mayHaveEnsemble(context.info.firmware)) return facts;
    return probeOptional(context, facts, inventoryPath, part, (reply) =>
      hasGroup(reply, type) ? withFeatures(facts, feature) : facts,
    );
  };
}
