import { withFeatures } from '../facts.js';
import { probeOptional } from '../failures.js';
import { detailedInverters, isCompleteDeviceData, isCutOff } from '../interpret/inverters.js';
import type { Facts, Source, SourceContext } from '../types.js';

const path = '/ivp/pdm/device_data';

async function probe(context: SourceContext, facts: Facts): Promise<Facts> {
  if (facts.inverters) return facts;
  return probeOptional(context, facts, path, 'inverters', (reply) =>
    isCompleteDeviceData(reply)
      ? withFeatures({ ...facts, inverters: 'deviceData' }, 'inverters', 'detailedInverters')
      : facts,
  );
}

async function read(context: SourceContext, facts: Facts): Promise<Readonly<Record<string, unknown>>> {
  if (facts.inverters !== 'deviceData') return {};
  const reply = await context.endpoints(path);
  const inverters = detailedInverters(reply, path);
  if (isCutOff(reply)) {
    const message = 'The gateway has reached the number of devices that it lists in detail; inverters may be missing.';
    context.warn({ part: 'inverters', code: 'data_quality', message });
  }
  return { inverters };
}

/** The inverters in detail, of gateways that list them all (spec 3.7). */
export const deviceDataSource: Source = {
  name: 'detailed inverters',
  datasets: ['inverters'],
  refresh: 'slow',
  probe,
  read,
};
