import type { AuthorizedReply } from '../../device-flow/account.js';
import { EnergyError } from '../../errors.js';
import { indexPaths } from '../datasets.js';
import { objectOf, parseJson, textOf } from '../json.js';
import { linkyDatasets, type LinkyDataset } from '../readings.js';
import { readFailure } from './failure.js';
import { enedisLimits } from './limits.js';
import type { MeterApi, MeterFailure } from './meter-api.js';
import { isIndexDataset, readSeries, resourceOf } from './series.js';
import { urlBelow } from './url.js';

/** The last part of the path of 2026 is the name of the data at Conso API. */
function typeOf(dataset: LinkyDataset): string {
  if (dataset === 'contract') throw new EnergyError('feature_not_available', 'Conso API gives no contracts.');
  const path = isIndexDataset(dataset) ? indexPaths[dataset] : resourceOf(dataset).path;
  return path.slice(path.lastIndexOf('/') + 1);
}

/** An address is shut out above 100 calls in 12 hours (spec/device-flow 6.1). */
const budget = { calls: 90, milliseconds: 12 * 3_600_000 };

/** The service's own errors have a text only; those of Enedis stand inside of it (spec/device-flow 6.1). */
function readConsoFailure(reply: AuthorizedReply, now: number): MeterFailure {
  const document = objectOf(parseJson(reply.body));
  const error = document['error'];
  const isOwn = textOf(document['message']) !== undefined && (error === undefined || reply.status === 400);
  const understood = readFailure(reply, now);
  const isUpstream = Object.keys(objectOf(error)).some((name) => ['error', 'code', 'fault'].includes(name));
  if (!isOwn || isUpstream || understood.kind === 'quota') return understood;
  if (reply.status === 401) return { ...understood, kind: 'token' };
  return { ...understood, kind: reply.status === 400 || reply.status === 405 ? 'request' : 'trouble' };
}

/**
 * Conso API (spec/device-flow 6.1): names and parameters of 2026, answers in the shape of 2026 or, from older servers,
 * the content of `meter_reading`. A person gets its token on a page.
 * @param base such as `https://conso.boris.sh/api`
 * @param now ms since the epoch
 */
export function createConsoApi(base: string, now: () => number): MeterApi {
  return {
    name: 'conso',
    datasets: new Set(linkyDatasets.filter((dataset) => dataset !== 'contract')),
    budget,
    limits: enedisLimits,
    request: (dataset, usagePoint, range) => ({
      url: urlBelow(base, typeOf(dataset), {
        pointId: usagePoint,
        ...(range && { dateDebut: range.start, dateFin: range.end }),
      }),
      headers: { accept: 'application/json' },
    }),
    interpretSeries: (dataset, usagePoint, range, body) =>
      readSeries(body, { dataset, usagePoint, range, curveStamps: 'auto' }),
    interpretContract: () => {
      throw new EnergyError('feature_not_available', 'Conso API gives no contracts.');
    },
    interpretFailure: (reply) => readConsoFailure(reply, now()),
  };
}
