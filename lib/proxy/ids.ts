import type { Secrets } from './secrets.js';

/** What is hashed, by name: the first part of what `Secrets.hash` is given. */
export type HashedKind =
  | 'device_code'
  | 'user_code'
  | 'state'
  | 'browser'
  | 'autorisation'
  | 'service'
  | 'usage_point'
  | 'consent'
  | 'address'
  | 'refresh_token'
  | 'access_token'
  | 'adopted';

/** The keyed hash of a secret or personal value: every part of the proxy takes it from here, so that all find the same record. */
export function hashed(secrets: Secrets, kind: HashedKind, value: string): string {
  return secrets.hash(kind, value);
}

/** Id of the consent that an authorisation id (v2), or another word for where it came from, stands for. */
export function consentId(secrets: Secrets, origin: string, usagePoint: string): string {
  return hashed(secrets, 'consent', `${origin}:${usagePoint}`);
}

/** The beginning of an id: enough to follow one dance in events and logs, too little to be used. */
export function shortened(id: string): string {
  return id.slice(0, 8);
}
