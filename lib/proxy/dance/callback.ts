import { isUsagePoint } from '../../linky/usage-point.js';
import type { Parameters } from '../http/parameters.js';
import type { ProxySettings } from '../settings/settings.js';

/** What a callback brings (spec/device-flow 1.5). */
export type Callback =
  /** Data Connect 2026. */
  | { readonly kind: 'autorisation'; readonly autorisationId: string }
  /** v1, believed as it is. */
  | { readonly kind: 'usage_points'; readonly usagePoints: readonly string[] }
  /** Authorization-code mode; `usagePointId` as it is passed on. */
  | { readonly kind: 'code'; readonly code: string; readonly usagePointId?: string }
  /** The consent page reports a failure. */
  | { readonly kind: 'error'; readonly error: string };

/** A callback that cannot be used; the code is one of the error page's. */
export interface UnusableCallback {
  readonly kind: 'unusable';
  readonly code:
    | 'missing_parameters'
    | 'missing_usage_point'
    | 'invalid_usage_point'
    | 'invalid_authorisation'
    | 'unverified_consent';
}

const largestId = 2n ** 63n - 1n;

/** Whether a text is an authorisation id: a positive 64-bit integer in plain digits (spec/device-flow D1b (1)). */
function isAutorisationId(text: string): boolean {
  return /^[1-9][0-9]{0,18}$/.test(text) && BigInt(text) <= largestId;
}

function unusable(code: UnusableCallback['code']): UnusableCallback {
  return { kind: 'unusable', code };
}

/** The usage points of a callback of v1, without repetitions; `undefined` where one of them is none (4.1, check 60). */
export function usagePointsOf(text: string): readonly string[] | undefined {
  const parts = text.split(/[;,]/);
  return parts.every(isUsagePoint) ? [...new Set(parts)] : undefined;
}

function fromEnedis(parameters: Parameters, { compatibility }: ProxySettings): Callback | UnusableCallback {
  const autorisationId = parameters.get('autorisation_id');
  if (autorisationId !== undefined) {
    return isAutorisationId(autorisationId)
      ? { kind: 'autorisation', autorisationId }
      : unusable('invalid_authorisation');
  }
  const usagePointId = parameters.get('usage_point_id');
  if (!compatibility.trustCallbackUsagePoint) {
    return unusable(usagePointId === undefined ? 'missing_parameters' : 'unverified_consent');
  }
  if (parameters.get('code') === undefined) return unusable('missing_parameters');
  if (usagePointId === undefined) return unusable('missing_usage_point');
  const usagePoints = usagePointsOf(usagePointId);
  return usagePoints ? { kind: 'usage_points', usagePoints } : unusable('invalid_usage_point');
}

function fromServer(parameters: Parameters): Callback | UnusableCallback {
  const code = parameters.get('code');
  if (code === undefined) return unusable('missing_parameters');
  const usagePointId = parameters.get('usage_point_id');
  const passed = usagePointId !== undefined && usagePointsOf(usagePointId) !== undefined;
  return { kind: 'code', code, ...(passed && { usagePointId }) };
}

/** Reads the parameters of a callback, `state` aside. An error that is reported counts before everything else. */
export function readCallback(parameters: Parameters, settings: ProxySettings): Callback | UnusableCallback {
  const error = parameters.get('error');
  if (error !== undefined) return { kind: 'error', error };
  return settings.mode === 'authorization_code' ? fromServer(parameters) : fromEnedis(parameters, settings);
}
