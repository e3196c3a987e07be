import { AuthenticationError, EnergyError, type AuthenticationErrorOptions } from '../../errors.js';
import type { MeterFailure } from '../api/meter-api.js';
import type { LinkyDataset } from '../readings.js';
import { maskUsagePoint } from '../usage-point.js';
import type { Pause } from './state.js';

/** What an error is about. */
export interface ProblemPlace {
  /** 14 digits. */
  readonly usagePoint: string;
  readonly dataset: LinkyDataset;
}

const consentTexts: Readonly<Partial<Record<MeterFailure['kind'], string>>> = {
  no_consent: 'Enedis has no consent for this meter (any more).',
  moved_out: 'The person who consented does not hold the contract of this meter any more.',
};

function optionsOf({ kind, code, retryAt }: MeterFailure, place: ProblemPlace): AuthenticationErrorOptions {
  const account = maskUsagePoint(place.usagePoint);
  return {
    account,
    parameters: { account, reason: kind, dataset: place.dataset, ...(code !== undefined && { code }) },
    ...(retryAt !== undefined && { retryAt }),
  };
}

/** The error for a failure that is no matter of the days asked for (spec/device-flow 4.7). */
export function problemOf(failure: MeterFailure, place: ProblemPlace): EnergyError {
  const options = optionsOf(failure, place);
  const told = failure.code === undefined ? '' : ` (${failure.code})`;
  switch (failure.kind) {
    case 'no_consent':
    case 'moved_out':
      return new AuthenticationError('consent_expired', `${consentTexts[failure.kind] ?? ''}${told}`, options);
    case 'quota':
      return new AuthenticationError('rate_limited', `No more calls are allowed for now${told}.`, {
        ...options,
        retryable: true,
      });
    case 'token':
      return new AuthenticationError('token_rejected', `The server does not accept the token${told}.`, options);
    case 'version':
      return new AuthenticationError('version_mismatch', `The server wants a newer client${told}.`, options);
    case 'trouble':
      return new AuthenticationError('server_error', `Enedis or the server in front of it is in trouble${told}.`, {
        ...options,
        retryable: true,
      });
    default:
      return refusal(place, told, options);
  }
}

function refusal(place: ProblemPlace, told: string, { parameters = {} }: AuthenticationErrorOptions): EnergyError {
  if (place.dataset.startsWith('index_')) {
    return new EnergyError('feature_not_available', `The server gives no registers${told}.`, {
      parameters: { ...parameters, feature: place.dataset },
    });
  }
  return new EnergyError('request_refused', `The server refuses what was asked for${told}.`, { parameters });
}

/** The error of a pause: what was in the way when it began. */
export function problemOfPause({ kind, code, until, error }: Pause, place: ProblemPlace): EnergyError {
  const failure = { kind, retryAt: until, ...(code !== undefined && { code }) };
  if (error !== 'cloud_unavailable') return problemOf(failure, place);
  const options = { ...optionsOf(failure, place), retryable: true };
  return new AuthenticationError('cloud_unavailable', 'The server did not answer; it is asked again later.', options);
}

/** Whether the same question may be answered later without anybody doing anything. */
export function isTemporary(error: EnergyError): boolean {
  return error.code === 'reply_invalid' || (error instanceof AuthenticationError && error.retryable);
}

/** The error of a read that was ended. */
export function ended(signal: AbortSignal): EnergyError {
  return new EnergyError('closed', 'The read was ended; what was read so far is kept.', { cause: signal.reason });
}
