import assert from 'node:assert/strict';
import type { IntervalReading, MeterReadingDocument } from '../../../lib/linky/documents.js';
import type { ProxyWorld, WireAnswer } from '../../support/proxy-world.js';

/** Paths of v5. */
export const dailyPath = 'metering_data_dc/v5/daily_consumption';
export const curvePath = 'metering_data_clc/v5/consumption_load_curve';
export const powerPath = 'metering_data_dcmp/v5/daily_consumption_max_power';
export const contractsPath = 'customers_upc/v5/usage_points/contracts';

/** Tokens of a customer who consented. */
export interface Holder {
  readonly usagePoint: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A whole dance of a customer that did not consent yet. */
export async function holderOf(world: ProxyWorld, customer: string): Promise<Holder> {
  const { accessToken, refreshToken, usagePoints } = (await world.dance({ customer })).tokens;
  const [usagePoint] = usagePoints;
  assert.ok(usagePoint !== undefined);
  return { usagePoint, accessToken, refreshToken };
}

/** Reads a period of a holder's usage point; a week by default. */
export function read(
  world: ProxyWorld,
  { accessToken, usagePoint }: Pick<Holder, 'accessToken' | 'usagePoint'>,
  path = dailyPath,
  [start, end] = ['2026-11-01', '2026-11-08'],
): Promise<WireAnswer> {
  return world.data(accessToken, path, { usage_point_id: usagePoint, start, end });
}

/** The document of an answer that holds data. */
export function meterReading({ status, text, json }: WireAnswer): MeterReadingDocument['meter_reading'] {
  assert.equal(status, 200, text);
  const document: unknown = json;
  return (document as MeterReadingDocument).meter_reading;
}

/** Its points. */
export function readings(answer: WireAnswer): readonly IntervalReading[] {
  return meterReading(answer).interval_reading;
}
