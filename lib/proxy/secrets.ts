import { createHmac } from 'node:crypto';
import { EnergyError } from '../errors.js';
import { createSealer, deriveKey, namedKey, type SealingKey } from '../store/sealing.js';
import type { KeySettings } from './settings/settings.js';

/** Hashing and sealing of what the proxy keeps (spec/device-flow 2.4, 2.5). */
export interface Secrets {
  /** HMAC-SHA256 of `<kind>:<secret>`, base64url: the id of a record that is addressed by a secret. */
  hash(kind: string, secret: string): string;
  /** Seals a text for one place (`<collection>:<id>:<member>`); it opens in no other. */
  seal(text: string, place: string): Promise<string>;
  /** @throws EnergyError `storage_failed` where it was changed, moved, or sealed with a key that is not at hand */
  open(sealed: string, place: string): Promise<string>;
  /** Seals a text under a key derived from a token (HKDF): only the token's holder can have it opened. */
  sealUnder(token: string, text: string, place: string): Promise<string>;
  /** @throws EnergyError `storage_failed` */
  openUnder(token: string, sealed: string, place: string): Promise<string>;
}

async function readable(opening: Promise<string>): Promise<string> {
  try {
    return await opening;
  } catch (error) {
    throw new EnergyError('storage_failed', 'A sealed text in the store cannot be opened.', { cause: error });
  }
}

const underToken = (token: string) => createSealer([deriveKey(token, 'device-flow-proxy under a token')]);

/** The secrets of a proxy with these keys (JWE with A256GCM; the first encryption key seals, all of them open). */
export function createSecrets(keys: KeySettings): Secrets {
  const [first, ...others] = keys.encryptionKeys;
  const sealingKeys: readonly [SealingKey, ...SealingKey[]] = [namedKey(first), ...others.map(namedKey)];
  const sealer = createSealer(sealingKeys);
  return {
    hash: (kind, secret) => createHmac('sha256', keys.hashKey).update(`${kind}:${secret}`).digest('base64url'),
    seal: (text, place) => sealer.seal(text, place),
    open: (sealed, place) => readable(sealer.open(sealed, place)),
    sealUnder: (token, text, place) => underToken(token).seal(text, place),
    openUnder: (token, sealed, place) => readable(underToken(token).open(sealed, place)),
  };
}
