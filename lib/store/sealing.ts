import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { createAtomically, readIfPresent } from './atomic-file.js';

/** A 256-bit key with the name under which sealed texts refer to it. */
export interface SealingKey {
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** A 256-bit key under the name that is derived from it. */
export function namedKey(bytes: Uint8Array): SealingKey {
  return { id: createHash('sha256').update('key-id').update(bytes).digest('base64url').slice(0, 12), bytes };
}

/** A key derived from a secret of the user's (HKDF-SHA256, RFC 5869); `purpose` keeps keys of one secret apart. */
export function deriveKey(secret: string, purpose: string): SealingKey {
  return namedKey(new Uint8Array(hkdfSync('sha256', secret, 'node-red-envoy-linky', purpose, 32)));
}

/** The key kept in a file of its own (0600), made at the first use; two processes that make it at once get the same. */
export async function keyFromFile(path: string): Promise<SealingKey> {
  const text =
    (await readIfPresent(path)) ??
    (await createAtomically(path, `${randomBytes(32).toString('base64url')}\n`), await readIfPresent(path));
  const bytes = Buffer.from((text ?? '').trim(), 'base64url');
  if (bytes.length !== 32) throw new Error('The key file does not hold a key.');
  return namedKey(new Uint8Array(bytes));
}

/**
 * Seals texts and opens them again; a sealed text cannot be read or changed without the key. A text sealed for a place
 * opens in that place only, so that nobody who can write to the storage exchanges two of them.
 */
export interface Sealer {
  seal(text: string, place?: string): Promise<string>;
  /** Raises where the text was changed, is of another place, or was sealed with a key that is not at hand. */
  open(sealed: string, place?: string): Promise<string>;
}

function placeMark(place: string): string {
  return createHash('sha256').update(place).digest('base64url').slice(0, 22);
}

/**
 * A sealer over JWE (RFC 7516, `dir` with A256GCM). The first key seals, any of them opens, so that a key can be
 * replaced without losing what the old one sealed.
 */
export function createSealer(keys: readonly [SealingKey, ...SealingKey[]]): Sealer {
  return {
    async seal(text, place) {
      const { CompactEncrypt } = await import('jose');
      return new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({
          alg: 'dir',
          enc: 'A256GCM',
          kid: keys[0].id,
          ...(place !== undefined && { place: placeMark(place) }),
        })
        .encrypt(keys[0].bytes);
    },
    async open(sealed, place) {
      const { compactDecrypt } = await import('jose');
      const { plaintext } = await compactDecrypt(sealed.trim(), (header) => {
        const key = keys.find(({ id }) => id === header.kid);
        if (!key) throw new Error('It was sealed with another key.');
        if (header['place'] !== (place === undefined ? undefined : placeMark(place))) {
          throw new Error('It was sealed for another place.');
        }
        return key.bytes;
      });
      return new TextDecoder().decode(plaintext);
    },
  };
}
