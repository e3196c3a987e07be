import { json } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { Direction } from '../model/meter.js';
import type { EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';
import type { AccessToken } from '../tokens.js';
import { readingsOf } from './readings.js';
import { checkQuery, noData } from './rules.js';
import type { Measurement, Refusal } from './rules.js';

/** What a metering path of v5 stands for (spec/device-flow 4.5). */
interface LegacyResource {
  readonly measurement: Measurement;
  readonly direction: Direction;
  readonly readingType: Readonly<Record<string, string>>;
}

const energy = { unit: 'Wh', measurement_kind: 'energy', aggregate: 'sum', measuring_period: 'P1D' };
const power = { unit: 'W', measurement_kind: 'power', aggregate: 'average' };
const peak = { unit: 'VA', measurement_kind: 'power', aggregate: 'maximum', measuring_period: 'P1D' };

/** The metering paths of v5. */
export const legacyResources: ReadonlyMap<string, LegacyResource> = new Map<string, LegacyResource>([
  ['/metering_data_dc/v5/daily_consumption', { measurement: 'energy', direction: 'consumption', readingType: energy }],
  ['/metering_data_dp/v5/daily_production', { measurement: 'energy', direction: 'production', readingType: energy }],
  [
    '/metering_data_clc/v5/consumption_load_curve',
    { measurement: 'curve', direction: 'consumption', readingType: power },
  ],
  [
    '/metering_data_plc/v5/production_load_curve',
    { measurement: 'curve', direction: 'production', readingType: power },
  ],
  [
    '/metering_data_dcmp/v5/daily_consumption_max_power',
    { measurement: 'power', direction: 'consumption', readingType: peak },
  ],
]);

/** A refusal in the words of v5. */
export function legacyRefusal({ status, code, message }: Refusal): Reply {
  return json(status, {
    error: code,
    error_description: message,
    error_uri: 'https://bluecoder.enedis.fr/operation-error/simulation',
  });
}

/** Answers a metering path of v5 (spec/device-flow 4.5). Parameters that it does not know are not looked at. */
export function legacyMetering(
  parts: EnedisParts,
  { parameters }: EnedisRequest,
  { clientId }: AccessToken,
  { measurement, direction, readingType }: LegacyResource,
): Reply {
  const usagePoint = parameters.get('usage_point_id') ?? '';
  const from = parameters.get('start') ?? '';
  const until = parameters.get('end') ?? '';
  const query = { usagePoint, measurement, direction, from, until };
  const point = checkQuery(parts, query, { clientId, legacy: true });
  if ('status' in point) return legacyRefusal(point);
  const readings = readingsOf(parts, point, query);
  if (readings.length === 0) return legacyRefusal(noData);
  return json(200, {
    meter_reading: {
      usage_point_id: usagePoint,
      start: from,
      end: until,
      quality: 'BRUT',
      reading_type: readingType,
      interval_reading: readings.map(({ value, date, step }) => ({
        value: String(value),
        date,
        ...(step !== undefined && { interval_length: `PT${step}M`, measure_type: 'B' }),
      })),
    },
  });
}
