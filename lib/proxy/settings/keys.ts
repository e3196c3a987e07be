import { hkdfSync } from 'node:crypto';
import type { KeySettings, StoreSettings } from './settings.js';
import type { SettingReader } from './source.js';

const keyBytes = 32;
const remedy = 'Give 32 random bytes in base64 or hex, for instance from: openssl rand -base64 32';

/** A 32-byte key written in hex, base64 or base64url; `undefined` where it is none. */
function parseKey(text: string): Uint8Array | undefined {
  const bytes = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
  return bytes.length === keyBytes && /^[\w+/=-]+$/.test(text) ? new Uint8Array(bytes) : undefined;
}

/**
 * The keys of the environment. With MongoDB they must be given, since every instance needs the same; the embedded
 * store makes its own where there are none (`undefined`).
 */
export function readKeys(reader: SettingReader, store: StoreSettings): KeySettings | undefined {
  const hashText = reader.text('hashKey');
  const encryptionTexts = reader.list('encryptionKeys');
  if (hashText === undefined && encryptionTexts.length === 0 && store.kind === 'embedded') return undefined;
  const hashKey = parseKey(reader.required('hashKey', remedy));
  if (hashText !== undefined && !hashKey) reader.problem('hashKey', `is no key. ${remedy}`);
  const parsed = encryptionTexts.map(parseKey);
  const encryptionKeys = parsed.filter((key) => key !== undefined);
  if (encryptionTexts.length === 0) reader.required('encryptionKeys', remedy);
  if (encryptionKeys.length < parsed.length)
    reader.problem('encryptionKeys', `holds something that is no key. ${remedy}`);
  const [first, ...others] = encryptionKeys;
  return hashKey && first ? { hashKey, encryptionKeys: [first, ...others] } : undefined;
}

/** Keys derived from one secret of 16 characters or more (HKDF-SHA256); the hash key and the sealing key differ. */
export function keysFromSecret(secret: string): KeySettings {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, 'device-flow-proxy', purpose, keyBytes));
  return { hashKey: derive('token-hash'), encryptionKeys: [derive('sealing')] };
}
