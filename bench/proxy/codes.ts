import { createHash } from 'node:crypto';
import { newGrant } from '../../lib/proxy/records/grants.js';
import type { DeviceGrant, UserCode } from '../../lib/proxy/records/types.js';
import { createSecrets } from '../../lib/proxy/secrets.js';
import type { StoredRecord } from '../../lib/store/records/store.js';
import { proxyKeys, publicClient } from '../../test/support/proxy-settings.js';

/** One device code, as its device sends it and as the store knows it. */
interface PendingCode {
  readonly grant: StoredRecord<DeviceGrant>;
  readonly userCode: StoredRecord<UserCode>;
}

/** Seconds, ten years: the proxy's clock runs fast. */
const lifetime = 10 * 365 * 24 * 3600;
const secrets = createSecrets(proxyKeys);

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The device code with a number; as random as real ones are. */
export function deviceCode(index: number): string {
  return digest(`device code ${index}`).toString('hex');
}

/** Id of its grant. */
export function grantId(index: number): string {
  return secrets.hash('device_code', deviceCode(index));
}

/** A version as `Records` makes it. */
function version(index: number): string {
  return digest(`version ${index}`).toString('base64url').slice(0, 12);
}

/** The records of a code that was issued a moment ago and that nobody has entered yet. */
function pendingCode(index: number, now: number): PendingCode {
  const userCodeHash = secrets.hash('user_code', `code ${index}`);
  const requesterHash = secrets.hash('address', `address ${index}`);
  const given = { clientId: publicClient, userCodeHash, interval: 5, lifetime, requesterHash };
  const grant = { id: grantId(index), value: newGrant(given, now), version: version(index) };
  const { expiresAt } = grant.value;
  return { grant, userCode: { id: userCodeHash, value: { grant: grant.id, expiresAt }, version: version(-1 - index) } };
}

/** Makes codes in portions, each with a list of records a kind. */
export function* portions(
  count: number,
  size: number,
  now: number,
): Generator<{ readonly grants: StoredRecord<DeviceGrant>[]; readonly codes: StoredRecord<UserCode>[] }> {
  for (let start = 0; start < count; start += size) {
    const made = Array.from({ length: Math.min(size, count - start) }, (_, place) => pendingCode(start + place, now));
    yield { grants: made.map(({ grant }) => grant), codes: made.map(({ userCode }) => userCode) };
  }
}
