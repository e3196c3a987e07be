import { contractsPathV5, indexPaths } from '../datasets.js';
import { linkyDatasets, type LinkyDataset } from '../readings.js';
import { legacyRequest } from '../translation/request.js';
import { readMeterInformation } from './contract.js';
import { readFailure } from './failure.js';
import { enedisLimits } from './limits.js';
import type { DayRange, MeterApi } from './meter-api.js';
import { isIndexDataset, readSeries, resourceOf } from './series.js';
import { urlBelow } from './url.js';

function pathOf(dataset: LinkyDataset): string {
  if (dataset === 'contract') return contractsPathV5;
  return isIndexDataset(dataset) ? indexPaths[dataset] : resourceOf(dataset).v5;
}

/**
 * The data of a device-flow proxy, ours or another one: paths and words of v5, the registers in those of 2026
 * (spec/device-flow 1.8, 1.13, 4.5). A proxy gives registers only where its operator allows their paths.
 * @param base URL of the data proxy, such as `https://proxy.example/data/proxy`
 * @param now ms since the epoch
 */
export function createProxyApi(base: string, now: () => number): MeterApi {
  return {
    name: 'proxy',
    datasets: new Set(linkyDatasets),
    limits: enedisLimits,
    request: (dataset, usagePoint, range?: DayRange) => {
      const { path, query } = legacyRequest({ path: pathOf(dataset), usagePoint, ...range });
      return { url: urlBelow(base, path, query), headers: { accept: 'application/json' } };
    },
    interpretSeries: (dataset, usagePoint, range, body) =>
      readSeries(body, { dataset, usagePoint, range, curveStamps: 'auto' }),
    interpretContract: readMeterInformation,
    interpretFailure: (reply) => readFailure(reply, now()),
  };
}
