import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';

/** A value as a quoted string. */
export function quote(value: string): string {
  return `"${value.replace(/(["\\])/g, '\\$1')}"`;
}

/** What a server expects: it knows the users, and checks an answer from the wire inwards. */
export interface Expectation {
  algorithm?: string;
  realm: string;
  nonce: string;
  opaque?: string;
  qop?: string;
  charset?: string;
  userhash?: string;
}

/** The challenge of such a server. */
export function challengeHeader(expected: Expectation): string {
  const parts = Object.entries({ ...expected } as Record<string, string>).map(([name, value]) =>
    name === 'algorithm' || name === 'charset' || name === 'userhash' ? `${name}=${value}` : `${name}=${quote(value)}`,
  );
  return `Digest ${parts.join(', ')}`;
}

/** Splits an Authorization header; fails on anything that RFC 7616 3.4 does not allow to be, or not to be, quoted. */
export function fieldsOf(header: string): Map<string, string> {
  assert.ok(header.startsWith('Digest '));
  const fields = new Map<string, string>();
  let rest = header.slice('Digest '.length);
  while (rest !== '') {
    const match = /^([a-z]+\*?)=("(?:[^"\\]|\\.)*"|[^",\s]+)(?:, (?=.)|$)/su.exec(rest);
    assert.ok(match, `unreadable from here: ${rest}`);
    const [whole, name = '', value = ''] = match;
    const bare = ['qop', 'nc', 'algorithm', 'userhash', 'username*'].includes(name);
    assert.equal(value.startsWith('"'), !bare, `quotes of ${name}`);
    assert.ok(!fields.has(name), `${name} twice`);
    fields.set(name, bare ? value : value.slice(1, -1).replace(/\\(.)/gsu, '$1'));
    rest = rest.slice(whole.length);
  }
  return fields;
}

/** The server's side: true where the answer proves the password. `firstCnonce` is the one that a -sess key is made of. */
export function accepts(
  expected: Expectation,
  header: string,
  [method, target]: [method: string, target: string],
  [user, password]: [user: string, password: string],
  {
    count = 1,
    firstNonce = expected.nonce,
    firstCnonce,
  }: { count?: number; firstNonce?: string; firstCnonce?: string } = {},
): boolean {
  const fields = fieldsOf(header);
  const algorithm = (expected.algorithm ?? 'MD5').toLowerCase();
  const digest = (...parts: string[]): string =>
    createHash(algorithm.startsWith('sha-256') ? 'sha256' : 'md5')
      .update(Buffer.concat(parts.flatMap((part, index) => [Buffer.from(index ? ':' : ''), Buffer.from(part)])))
      .digest('hex');
  const named = fields.get('username*')?.replace(/^UTF-8''/, '');
  const name =
    named === undefined ? Buffer.from(fields.get('username') ?? '', 'latin1').toString() : decodeURIComponent(named);
  const cnonce = fields.get('cnonce') ?? '';
  const secret = digest(user, expected.realm, password);
  const first = algorithm.endsWith('-sess') ? digest(secret, firstNonce, firstCnonce ?? cnonce) : secret;
  const second = digest(method, target);
  const protectedBy = expected.qop === undefined ? [] : [fields.get('nc') ?? '', cnonce, 'auth'];
  return (
    name === (fields.get('userhash') === 'true' ? digest(user, expected.realm) : user) &&
    fields.get('realm') === expected.realm &&
    fields.get('nonce') === expected.nonce &&
    fields.get('uri') === target &&
    fields.get('algorithm') === expected.algorithm &&
    fields.get('opaque') === expected.opaque &&
    fields.get('qop') === (expected.qop === undefined ? undefined : 'auth') &&
    fields.get('nc') === (expected.qop === undefined ? undefined : count.toString(16).padStart(8, '0')) &&
    fields.get('response') === digest(first, expected.nonce, ...protectedBy, second)
  );
}
