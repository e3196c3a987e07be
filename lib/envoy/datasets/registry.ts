import { asEnergyError, type EnergyError } from '../../errors.js';
import { endsCycle } from './failures.js';
import { mergeParts } from './parts.js';
import { acBatteryInventorySource, acBatteryPowerSource } from './sources/ac-batteries.js';
import { batteryInventorySource, batteryPowerSource, batteryTotalsSource } from './sources/batteries.js';
import { batteryAggregateSource } from './sources/battery-aggregate.js';
import { collarSource } from './sources/collar.js';
import { combinerSource } from './sources/combiner.js';
import { consumptionSource } from './sources/consumption.js';
import { deviceDataSource } from './sources/device-data.js';
import { dryContactSettingsSource, dryContactStatusSource } from './sources/dry-contacts.js';
import { generatorSources } from './sources/generator.js';
import { interfaceSource } from './sources/interface.js';
import { inverterListSource } from './sources/inverter-list.js';
import { inverterProductionSource } from './sources/inverter-production.js';
import { meteredProductionSource } from './sources/metered-production.js';
import { metersSource } from './sources/meters.js';
import { systemControllerSource } from './sources/system-controller.js';
import { tariffSource } from './sources/tariff.js';
import { v1ProductionSource } from './sources/v1-production.js';
import {
  noFacts,
  type DatasetName,
  type Endpoints,
  type Facts,
  type Parts,
  type Source,
  type SourceContext,
} from './types.js';

/** Every source of data, in the order in which a gateway is probed for it (spec 3.1). */
const sources: readonly Source[] = [
  metersSource,
  meteredProductionSource,
  consumptionSource,
  v1ProductionSource,
  inverterProductionSource,
  deviceDataSource,
  inverterListSource,
  batteryInventorySource,
  batteryPowerSource,
  batteryTotalsSource,
  systemControllerSource,
  dryContactStatusSource,
  dryContactSettingsSource,
  collarSource,
  combinerSource,
  acBatteryPowerSource,
  acBatteryInventorySource,
  batteryAggregateSource,
  tariffSource,
  ...generatorSources,
  interfaceSource,
];

/**
 * Parts that whoever reads keeps between reads, by source, so that slow and static sources are not asked each time
 * (see `Source.refresh`). To be emptied whenever the gateway is probed.
 */
export interface KeptParts {
  /** Parts that may still be used; undefined where the source has to be asked. */
  get(source: Source): Parts | undefined;
  /** Called with the parts of every source that was asked and answered. */
  set(source: Source, parts: Parts): void;
}

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

/** Warns of a source that failed: once for each part and code, however many sources the part is made of. */
function warnOnce(context: SourceContext): (part: string, error: EnergyError) => void {
  const given = new Set<string>();
  return (part, { code, message }) => {
    const warning = `${part} ${code}`;
    if (given.has(warning)) return;
    given.add(warning);
    context.warn({ part, code, message });
  };
}

/**
 * Reads the wanted datasets (none named: all) as parts of the payload of design section 4. A part other than
 * production that fails is left out, with one warning. Sources whose parts `kept` still has are not asked.
 * @throws EnergyError the failure of production; one that ends the cycle; or the first one where no part is left.
 */
export async function readDatasets(
  context: SourceContext,
  facts: Facts,
  wanted: readonly DatasetName[],
  kept?: KeptParts,
): Promise<Record<string, unknown>> {
  const once = { ...context, endpoints: askedOnce(context.endpoints) };
  const failed = warnOnce(context);
  let payload: Parts = {};
  let failure: EnergyError | undefined;
  for (const source of sources) {
    if (wanted.length > 0 && !source.datasets.some((dataset) => wanted.includes(dataset))) continue;
    try {
      let parts = kept?.get(source);
      if (!parts) {
        parts = await source.read(once, facts);
        kept?.set(source, parts);
      }
      payload = mergeParts(payload, parts);
    } catch (cause) {
      const error = asEnergyError(cause);
      if (source.required || endsCycle(error)) throw error;
      failure ??= error;
      failed(source.datasets[0] ?? source.name, error);
    }
  }
  if (failure && Object.keys(payload).length === 0) throw failure;
  return { ...payload };
}
