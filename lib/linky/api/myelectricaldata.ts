import type { AuthorizedReply } from '../../device-flow/account.js';
import { objectOf, parseJson, textOf } from '../json.js';
import { addDays, parisDay, startOfDay } from '../paris.js';
import { linkyDatasets } from '../readings.js';
import { readMeterInformation } from './contract.js';
import { readFailure } from './failure.js';
import { enedisLimits } from './limits.js';
import type { MeterApi, MeterFailure } from './meter-api.js';
import { isIndexDataset, readSeries } from './series.js';
import { urlBelow } from './url.js';

/** Errors stand in `detail`, as a text or as an object; 409 is the day's quota (spec/device-flow 6.2). */
function readMedFailure(reply: AuthorizedReply, now: number): MeterFailure {
  if (reply.status === 409) {
    // The quota counts by the day; the answer does not say when the next one begins.
    return { kind: 'quota', code: 'quota_reached', retryAt: startOfDay(addDays(parisDay(now), 1)) + 300_000 };
  }
  const detail = objectOf(parseJson(reply.body))['detail'];
  const text = textOf(detail);
  const inner = text === undefined ? objectOf(detail) : { message: text };
  const isFilled = Object.keys(inner).length > 0;
  const understood = readFailure(isFilled ? { ...reply, body: JSON.stringify(inner) } : reply, now);
  // Data that are not there come without a code.
  return reply.status === 404 && understood.kind === 'request' ? { ...understood, kind: 'no_data' } : understood;
}

/**
 * The gateway of MyElectricalData, first generation (spec/device-flow 6.2): usage point and days stand in the path, the
 * token goes without a scheme, answers have the shape of v5.
 * @param base such as `https://www.myelectricaldata.fr`
 * @param now ms since the epoch
 */
export function createMyElectricalDataApi(base: string, now: () => number): MeterApi {
  return {
    name: 'myelectricaldata',
    datasets: new Set(linkyDatasets.filter((dataset) => dataset === 'contract' || !isIndexDataset(dataset))),
    limits: enedisLimits,
    request: (dataset, usagePoint, range) => {
      const days = range === undefined ? '' : `/start/${range.start}/end/${range.end}`;
      const path = dataset === 'contract' ? `contracts/${usagePoint}` : `${dataset}/${usagePoint}${days}`;
      return { url: urlBelow(base, path), headers: { accept: 'application/json' }, scheme: 'bare' };
    },
    interpretSeries: (dataset, usagePoint, range, body) =>
      // In the shape of 2026 this service alone moves the points of curves to the start of their intervals.
      readSeries(body, { dataset, usagePoint, range, curveStamps: 'start' }),
    interpretContract: readMeterInformation,
    interpretFailure: (reply) => readMedFailure(reply, now()),
  };
}
