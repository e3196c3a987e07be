import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Hash of a Digest challenge; `-sess` makes the first hash depend on the nonces (RFC 7616). */
export type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';

/** How a gateway below firmware 7 asks for its password. Every field may be changed at run time. */
export interface DigestSettings {
  /** One challenge for each, in this order. */
  algorithms: DigestAlgorithm[];
  /** `none` leaves `qop` out, as servers before RFC 2617 do. */
  qop: 'auth' | 'none';
  /** Several challenges in headers of their own, or in one header with commas. */
  separateHeaders: boolean;
  /** A challenge of the scheme Basic in front of the others; it is never accepted. */
  basicToo: boolean;
  /** Sends an `opaque` that has to come back. */
  opaque: boolean;
  /** How long, ms, and for how many requests a nonce is good; used up, the answer is 401 with `stale=true`. */
  nonceLifetime: number;
  nonceUses: number;
}

/** As the real gateways ask. */
export const defaultDigest: Readonly<DigestSettings> = {
  algorithms: ['MD5'],
  qop: 'auth',
  separateHeaders: true,
  basicToo: false,
  opaque: false,
  nonceLifetime: Number.POSITIVE_INFINITY,
  nonceUses: Number.POSITIVE_INFINITY,
};

/** What a request's credentials were found to be. */
export type DigestVerdict =
  { readonly ok: true; readonly user: string } | { readonly ok: false; readonly stale: boolean };

const realm = 'enphaseenergy.com';

function hasher(algorithm: DigestAlgorithm): (text: string) => string {
  const name = algorithm.startsWith('SHA-256') ? 'sha256' : 'md5';
  return (text) => createHash(name).update(text).digest('hex');
}

/** The parameters of an `Authorization: Digest` header; nothing where it is another scheme. */
function parametersOf(authorization: string | undefined): Map<string, string> | undefined {
  const [, list] = /^Digest\s+(.*)$/is.exec(authorization ?? '') ?? [];
  if (list === undefined) return undefined;
  const found = new Map<string, string>();
  for (const [, name = '', quoted, bare] of list.matchAll(/([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    found.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '');
  }
  return found;
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

interface Nonce {
  readonly madeAt: number;
  uses: number;
  count: number;
}

/** The response that the right password gives (RFC 7616 3.4). */
function expectedResponse(
  algorithm: DigestAlgorithm,
  sent: ReadonlyMap<string, string>,
  request: { method: string; uri: string; password: string; qop: 'auth' | 'none' },
): string {
  const hash = hasher(algorithm);
  const nonce = sent.get('nonce') ?? '';
  const clientNonce = sent.get('cnonce') ?? '';
  const plain = hash(`${sent.get('username') ?? ''}:${realm}:${request.password}`);
  const first = algorithm.endsWith('-sess') ? hash(`${plain}:${nonce}:${clientNonce}`) : plain;
  const second = hash(`${request.method}:${request.uri}`);
  if (request.qop === 'none') return hash(`${first}:${nonce}:${second}`);
  return hash(`${first}:${nonce}:${sent.get('nc') ?? ''}:${clientNonce}:auth:${second}`);
}

/** The Digest side of a gateway. A nonce count that does not rise is taken for a replay and answered as stale. */
export class DigestGuard {
  readonly settings: DigestSettings;
  readonly #passwords: () => Readonly<Record<string, string>>;
  readonly #clock: () => number;
  readonly #nonces = new Map<string, Nonce>();
  readonly #opaque = randomBytes(12).toString('hex');

  /**
   * @param passwords the users and passwords of the moment
   * @param clock the time by which nonces expire, ms
   */
  constructor(
    passwords: () => Readonly<Record<string, string>>,
    clock: () => number,
    settings: Partial<DigestSettings> = {},
  ) {
    this.#passwords = passwords;
    this.#clock = clock;
    this.settings = { ...defaultDigest, ...settings };
  }

  /** Values for `WWW-Authenticate`. */
  challenge(stale: boolean): string[] {
    const { algorithms, qop, opaque, basicToo, separateHeaders } = this.settings;
    const nonce = this.#newNonce();
    const digests = algorithms.map((algorithm) => {
      const parts = [`realm="${realm}"`, `nonce="${nonce}"`, `algorithm=${algorithm}`];
      if (qop === 'auth') parts.unshift('qop="auth"');
      if (opaque) parts.push(`opaque="${this.#opaque}"`);
      if (stale) parts.push('stale=true');
      return `Digest ${parts.join(', ')}`;
    });
    const all = basicToo ? [`Basic realm="${realm}"`, ...digests] : digests;
    return separateHeaders ? all : [all.join(', ')];
  }

  /** Looks at the credentials of a request. */
  check(method: string, uri: string, authorization: string | undefined): DigestVerdict {
    const sent = parametersOf(authorization);
    const user = sent?.get('username') ?? '';
    const password = Object.entries(this.#passwords()).find(([name]) => name === user)?.[1];
    const algorithm = sent && this.#algorithmOf(sent, uri);
    if (!sent || !algorithm || password === undefined) return { ok: false, stale: false };
    const expected = expectedResponse(algorithm, sent, { method, uri, password, qop: this.settings.qop });
    if (!equal(expected, sent.get('response') ?? '')) return { ok: false, stale: false };
    return this.#usable(sent) ? { ok: true, user } : { ok: false, stale: true };
  }

  #newNonce(): string {
    const nonce = randomBytes(15).toString('base64');
    this.#nonces.set(nonce, { madeAt: this.#clock(), uses: 0, count: 0 });
    const oldest = this.#nonces.keys().next();
    if (this.#nonces.size > 2000 && !oldest.done) this.#nonces.delete(oldest.value);
    return nonce;
  }

  /** The algorithm of well-formed credentials for this request. */
  #algorithmOf(sent: ReadonlyMap<string, string>, uri: string): DigestAlgorithm | undefined {
    const { algorithms, qop, opaque } = this.settings;
    const qopFits = qop === 'auth' ? sent.get('qop') === 'auth' : !sent.has('qop');
    const opaqueFits = !opaque || sent.get('opaque') === this.#opaque;
    if (sent.get('uri') !== uri || sent.get('realm') !== realm || !qopFits || !opaqueFits) return undefined;
    return algorithms.find((name) => name === (sent.get('algorithm') ?? 'MD5'));
  }

  #usable(sent: ReadonlyMap<string, string>): boolean {
    const nonce = this.#nonces.get(sent.get('nonce') ?? '');
    if (!nonce) return false;
    const count = Number.parseInt(sent.get('nc') ?? '0', 16);
    if (this.settings.qop === 'auth' && !(count > nonce.count)) return false;
    nonce.count = count;
    nonce.uses++;
    return nonce.uses <= this.settings.nonceUses && this.#clock() - nonce.madeAt <= this.settings.nonceLifetime;
  }
}
