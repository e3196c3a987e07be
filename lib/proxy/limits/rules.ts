import type { LimitSettings } from '../settings/settings.js';
import type { LimitRule } from './limits.js';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The subject of rules that hold for everybody together. */
export const everybody = 'everybody';

/** New device codes of one address (spec/device-flow 1.2). */
export function newCodeRules({ codesPerMinute, codesPerHour }: LimitSettings): LimitRule[] {
  return [
    { name: 'new_code_minute', limit: codesPerMinute, window: minute },
    { name: 'new_code_hour', limit: codesPerHour, window: hour },
  ];
}

/** New device codes of everybody (1.2). */
export function newCodeRulesGlobal({ codesPerMinuteGlobal }: LimitSettings): LimitRule[] {
  return [{ name: 'new_code_all', limit: codesPerMinuteGlobal, window: minute }];
}

/** Wrong user codes of one address (D6). */
export function wrongCodeRules({ wrongCodesPerTenMinutes }: LimitSettings): LimitRule[] {
  return [{ name: 'wrong_code', limit: wrongCodesPerTenMinutes, window: 10 * minute }];
}

/** Wrong user codes of everybody (D6). */
export function wrongCodeRulesGlobal({ wrongCodesPerMinuteGlobal }: LimitSettings): LimitRule[] {
  return [{ name: 'wrong_code_all', limit: wrongCodesPerMinuteGlobal, window: minute }];
}

/** Refreshes of one address (1.6, check 114). */
export function refreshRules({ requestsPerMinute }: LimitSettings): LimitRule[] {
  return [{ name: 'refresh_minute', limit: requestsPerMinute, window: minute }];
}

/** Data calls of one token family (1.8, D18, check 150). */
export function dataRules({ requestsPerMinute }: LimitSettings): LimitRule[] {
  return [{ name: 'data_minute', limit: requestsPerMinute, window: minute }];
}

/** Data calls of one token family in a day (1.8). */
export function dataDayRules({ dataCallsPerDay }: LimitSettings): LimitRule[] {
  return [{ name: 'data_day', limit: dataCallsPerDay, window: day }];
}

/** Different authorisation ids of one address (D1b (5)). */
export function autorisationRules({ autorisationsPerHour }: LimitSettings): LimitRule[] {
  return [{ name: 'autorisation_hour', limit: autorisationsPerHour, window: hour }];
}

/** Calls of the application to one upstream interface (4.8); the subject is `everybody`. */
export function upstreamRules({ upstreamPerSecond, upstreamPerHour }: LimitSettings, api: string): LimitRule[] {
  return [
    { name: `upstream_second_${api}`, limit: upstreamPerSecond, window: second },
    { name: `upstream_hour_${api}`, limit: upstreamPerHour, window: hour },
  ];
}

/** Device codes of one address that nobody issued (1.6, D5). */
export function unknownCodeRules({ requestsPerMinute }: LimitSettings): LimitRule[] {
  return [{ name: 'unknown_code_minute', limit: requestsPerMinute, window: minute }];
}
