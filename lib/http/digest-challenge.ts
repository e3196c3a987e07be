/** One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1). */
export interface Challenge {
  /** Authentication scheme in lower case: `digest`, `basic`, `bearer`... */
  readonly scheme: string;
  /** The token68 that some schemes have in place of parameters. */
  readonly token68?: string;
  /** Parameters by lower-case name, values without quotes and escapes; of a repeated name the first. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** The algorithms of RFC 7616 that can be answered. */
type DigestAlgorithm = 'MD5' | 'MD5-sess' | 'SHA-256' | 'SHA-256-sess';

/** A Digest challenge that can be answered (RFC 7616 section 3.3). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly algorithm: DigestAlgorithm;
  /** The algorithm as the server wrote it, to be echoed; undefined where it named none, which means MD5. */
  readonly algorithmText: string | undefined;
  /** Undefined where the server offers no quality of protection (RFC 2069). */
  readonly qop: 'auth' | undefined;
  /** The answer before was right except for its nonce. */
  readonly stale: boolean;
  /** The server takes the hash of the username in place of the name. */
  readonly userHash: boolean;
  /** The server asks for username and password in UTF-8, NFC. */
  readonly utf8: boolean;
}

/** A header as HTTP clients give it: absent, once, or several times. */
export type HeaderValue = string | readonly string[] | undefined;

interface Draft {
  scheme: string;
  token68?: string;
  parameters: Map<string, string>;
}

const tokenPattern = /[\w!#$%&'*+.^`|~-]+/y;
const token68Pattern = /[\w.~+/-]+=*(?=[ \t]*(?:,|$))/y;
const equalsPattern = /[ \t]*=[ \t]*/y;
const blankPattern = /[ \t]+/y;
const bareValuePattern = /[^\s,"]+/y;

function matchAt(pattern: RegExp, text: string, position: number): string {
  pattern.lastIndex = position;
  return pattern.exec(text)?.[0] ?? '';
}

/** The quoted string that opens at `position`: its value and the position after it; undefined where it never closes. */
function quotedAt(text: string, position: number): { value: string; end: number } | undefined {
  let value = '';
  for (let index = position + 1; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"') return { value, end: index + 1 };
    if (character === '\\') index++;
    value += text.charAt(index);
  }
  return undefined;
}

/** Reads the value at `position` into `draft` and returns the position after it. */
function takeValue(draft: Draft, name: string, text: string, position: number): number {
  let value: string;
  let end: number;
  if (text.charAt(position) === '"') {
    const quoted = quotedAt(text, position);
    if (quoted === undefined) return text.length;
    ({ value, end } = quoted);
  } else {
    value = matchAt(bareValuePattern, text, position);
    end = position + value.length;
  }
  const key = name.toLowerCase();
  if (!draft.parameters.has(key)) draft.parameters.set(key, value);
  return end;
}

/** What one header line holds; the first element has the parameters that stand before any scheme. */
function scan(text: string): [Draft, ...Draft[]] {
  const first: Draft = { scheme: '', parameters: new Map() };
  const drafts: [Draft, ...Draft[]] = [first];
  let current = first;
  let position = 0;
  while (position < text.length) {
    const token = matchAt(tokenPattern, text, position);
    const equals = token === '' ? '' : matchAt(equalsPattern, text, position + token.length);
    if (equals !== '') {
      position = takeValue(current, token, text, position + token.length + equals.length);
    } else if (token !== '' && /^$|[\s,]/.test(text.charAt(position - 1))) {
      current = { scheme: token.toLowerCase(), parameters: new Map() };
      drafts.push(current);
      position += token.length;
      const blank = matchAt(blankPattern, text, position);
      const token68 = blank === '' ? '' : matchAt(token68Pattern, text, position + blank.length);
      if (token68 !== '') current.token68 = token68;
      position += blank.length + token68.length;
    } else {
      position += Math.max(token.length, 1);
    }
  }
  return drafts;
}

function linesOf(header: HeaderValue): readonly string[] {
  if (header === undefined) return [];
  return typeof header === 'string' ? [header] : header;
}

/**
 * The challenges of a `WWW-Authenticate` header, in the order of the server, whatever their scheme (RFC 9110 sections
 * 11.2 to 11.6.1). Never throws: what cannot be read is left out, and the rest is returned.
 */
export function parseChallenges(header: HeaderValue): Challenge[] {
  return linesOf(header).flatMap((line) => scan(line).slice(1));
}

/** Whether the server says that only the nonce was too old: the same credentials are right with the new nonce. */
export function isStale(challenge: Challenge): boolean {
  return challenge.parameters.get('stale')?.toLowerCase() === 'true';
}

/** The nonce that the server wants for the next request, of an `Authentication-Info` header (RFC 7616 section 3.5). */
export function nextNonce(header: HeaderValue): string | undefined {
  for (const line of linesOf(header)) {
    const nonce = scan(line)[0].parameters.get('nextnonce');
    if (nonce !== undefined && nonce !== '') return nonce;
  }
  return undefined;
}

const algorithms: readonly DigestAlgorithm[] = ['SHA-256', 'SHA-256-sess', 'MD5', 'MD5-sess'];

function strength(challenge: DigestChallenge): number {
  return challenge.algorithm.startsWith('SHA-256') ? 2 : 1;
}

/** The challenge as one that can be answered; undefined for other schemes, unknown algorithms and `auth-int` alone. */
function asDigest(challenge: Challenge): DigestChallenge | undefined {
  const { scheme, parameters } = challenge;
  const realm = parameters.get('realm');
  const nonce = parameters.get('nonce');
  const algorithmText = parameters.get('algorithm') || undefined;
  const algorithm = algorithms.find((name) => name.toLowerCase() === (algorithmText ?? 'MD5').toLowerCase());
  const offers = (parameters.get('qop') ?? '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((offer) => offer !== '');
  if (scheme !== 'digest' || realm === undefined || !nonce || algorithm === undefined) return undefined;
  if (offers.length > 0 && !offers.includes('auth')) return undefined;
  return {
    realm,
    nonce,
    opaque: parameters.get('opaque'),
    algorithm,
    algorithmText,
    qop: offers.length > 0 ? 'auth' : undefined,
    stale: isStale(challenge),
    userHash: parameters.get('userhash')?.toLowerCase() === 'true',
    utf8: parameters.get('charset')?.toLowerCase() === 'utf-8',
  };
}

/**
 * The challenge to answer: the strongest that is supported (SHA-256 before MD5, with or without `-sess`), of equals the
 * first; undefined where none can be answered (RFC 7616 section 3.7).
 */
export function chooseChallenge(challenges: readonly Challenge[]): DigestChallenge | undefined {
  let chosen: DigestChallenge | undefined;
  for (const challenge of challenges) {
    const candidate = asDigest(challenge);
    if (candidate === undefined) continue;
    if (chosen === undefined || strength(candidate) > strength(chosen)) chosen = candidate;
  }
  return chosen;
}
