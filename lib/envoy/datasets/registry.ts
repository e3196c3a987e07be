import { asEnergyError, type EnergyError } from '../../errors.js';
import { endsCycle } from './failures.js';
import { consumptionSource } from './sources/consumption.js';
import { deviceDataSource } from './sources/device-data.js';
import { inverterListSource } from './sources/inverter-list.js';
import { inverterProductionSource } from './sources/inverter-production.js';
import { meteredProductionSource } from './sources/metered-production.js';
import { metersSource } from './sources/meters.js';
import { v1ProductionSource } from './sources/v1-production.js';
import { noFacts, type DatasetName, type Endpoints, type Facts, type Source, type SourceContext } from './types.js';

/** Every source of data, in the order in which a gateway is probed for it (spec 3.1). */
export const sources: readonly Source[] = [
  metersSource,
  meteredProductionSource,
  consumptionSource,
  v1ProductionSource,
  inverterProductionSource,
  deviceDataSource,
  inverterListSource,
];

/** Endpoints that keep each outcome: a path that failed is not asked again by the next source. */
function askedOnce(endpoints: Endpoints): Endpoints {
  const outcomes = new Map<string, Promise<unknown>>();
  return (path) => {
    const known = outcomes.get(path) ?? endpoints(path);
    outcomes.set(path, known);
    return known;
  };
}

/**
 * Finds out what a gateway has and where each part is read from (spec 3.1).
 * @throws EnergyError `no_production_source` with the reason in words; `data_quality` from a firmware 3 that is still
 * starting; the refusal of `/api/v1/production` where no production was found; `gateway_unreachable`,
 * `gateway_timeout` or `gateway_busy` of an endpoint of production, and every error that ends the cycle. Nothing may
 * be kept of a probe that failed.
 */
export async function probe(context: SourceContext): Promise<Facts> {
  const once = { ...context, endpoints: askedOnce(context.endpoints) };
  let facts = noFacts;
  for (const source of sources) facts = await source.probe(once, facts);
  return facts;
}

/**
 * Reads the wanted datasets (none named: all) as parts of the payload of design section 4. A part other than
 * production that fails is left out, with one warning.
 * @throws EnergyError the failure of production; one that ends the cycle; or the first one where no part is left.
 */
export async function readDatasets(
  context: SourceContext,
  facts: Facts,
  wanted: readonly DatasetName[],
): Promise<Record<string, unknown>> {
  const once = { ...context, endpoints: askedOnce(context.endpoints) };
  const payload: Record<string, unknown> = {};
  let failure: EnergyError | undefined;
  for (const source of sources) {
    if (wanted.length > 0 && !source.datasets.some((dataset) => wanted.includes(dataset))) continue;
    try {
      Object.assign(payload, await source.read(once, facts));
    } catch (cause) {
      const error = asEnergyError(cause);
      if (source.required || endsCycle(error)) throw error;
      failure ??= error;
      context.warn({ part: source.datasets[0] ?? source.name, code: error.code, message: error.message });
    }
  }
  if (failure && Object.keys(payload).length === 0) throw failure;
  return payload;
}
