import { isCalendarDay, parisDay } from '../../linky/paris.js';
import { isUsagePoint } from '../../linky/usage-point.js';
import { ProxyError } from '../http/error.js';
import type { Parameters } from '../http/parameters.js';
import type { DataRequest } from '../upstream/upstream.js';

/** Where the data proxy answers. */
export const dataPrefix = '/data/proxy/';

const knownParameters = new Set(['usage_point_id', 'start', 'end']);

function invalid(description: string): ProxyError {
  return new ProxyError(400, 'invalid_request', { description });
}

/**
 * The v5 path that a request asks for. It is compared with the allowed ones as it came: what is encoded or has dots is
 * none of them, so that nothing else than these can be reached upstream (spec/device-flow 1.8, D3).
 * @throws ProxyError 404
 */
export function readDataPath(path: string, allowed: readonly string[]): string {
  const found = allowed.find((candidate) => path === dataPrefix + candidate);
  if (found === undefined) throw new ProxyError(404, 'invalid_request', { description: 'Unknown data path' });
  return found;
}

/** @throws ProxyError 400 where it is missing */
export function readUsagePoint(query: Parameters): string {
  const usagePoint = query.get('usage_point_id');
  if (usagePoint === undefined) throw invalid('Missing usage_point_id');
  return usagePoint;
}

function readDay(query: Parameters, name: 'start' | 'end'): string {
  const day = query.get(name);
  if (day === undefined) throw invalid(`Missing ${name}`);
  if (!isCalendarDay(day)) throw invalid(`Invalid ${name}: a day is written YYYY-MM-DD`);
  return day;
}

/**
 * What is asked of Enedis: known parameters only, days of the calendar, start no later than end, end no later than
 * today in Europe/Paris (spec/device-flow 1.8). Contracts and the like have no days.
 * @throws ProxyError 400
 */
export function readDataRequest(path: string, usagePoint: string, query: Parameters, now: number): DataRequest {
  if (query.names.some((name) => !knownParameters.has(name))) throw invalid('Unknown parameter');
  if (!isUsagePoint(usagePoint)) throw invalid('Invalid usage_point_id: 14 digits');
  if (path.startsWith('customers_')) return { path, usagePoint };
  const start = readDay(query, 'start');
  const end = readDay(query, 'end');
  if (start > end) throw invalid('start is after end');
  if (end > parisDay(now)) throw invalid('end is in the future');
  return { path, usagePoint, start, end };
}
