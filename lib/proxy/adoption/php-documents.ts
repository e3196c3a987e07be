import { isUsagePoint } from '../../linky/usage-point.js';

/** An entry of the PHP server's collection `cache` (spec/device-flow 2.1). What it wrote is looked at with care. */
export interface CacheEntry {
  readonly key: string;
  readonly value?: unknown;
  readonly expireAt?: unknown;
}

/** Kinds of tokens that are taken over; also the first part of their keys. */
export type EarlierTokenType = 'refresh_token' | 'access_token';

/** Keys of a kind of token. */
export const tokenKeys: Readonly<Record<EarlierTokenType, RegExp>> = {
  refresh_token: /^refresh_token:[0-9a-f]{64}$/,
  access_token: /^access_token:[0-9a-f]{64}$/,
};

/** The key of a token; `undefined` where the PHP server cannot have issued it. */
export function tokenKey(type: EarlierTokenType, token: string): string | undefined {
  const key = `${type}:${token}`;
  return tokenKeys[type].test(key) ? key : undefined;
}

/** Codes and states of consents under way: user codes, device codes, states. They live for five minutes at most. */
export const danceKeys = /^(?:[A-Za-z]{8}|[0-9a-f]{64}|state:.*)$/s;

/** Counters and the application's own token: of no use to anybody but the PHP server, which makes them anew. */
export const disposableKeys = /^(?:ratelimit-.*|client_credentials)$/s;

function texts(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[^0-9]+/);
  if (typeof value === 'number') return [String(value).padStart(14, '0')];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(texts);
}

/** The usage points (PRM) in a value: comma-joined in a text, which may stand in a list or an object. */
export function readUsagePoints(value: unknown): string[] {
  return [...new Set(texts(value).filter(isUsagePoint))];
}

/** When an entry ends, ms since the epoch; 0 where it does not say. */
export function readExpiry(expireAt: unknown): number {
  return expireAt instanceof Date && !Number.isNaN(expireAt.getTime()) ? expireAt.getTime() : 0;
}
