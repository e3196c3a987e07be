import { createHash } from 'node:crypto';
import { chooseChallenge, parseChallenges } from './digest-challenge.js';
import type { DigestChallenge, HeaderValue } from './digest-challenge.js';

export { chooseChallenge, isStale, nextNonce, parseChallenges } from './digest-challenge.js';
export type { DigestChallenge, HeaderValue } from './digest-challenge.js';

/**
 * What a client remembers between requests of one protection space (RFC 7616 section 3.6). A value: every function here
 * returns a new one. Holds the password: never to be logged or kept.
 */
export interface DigestSession {
  readonly username: string;
  readonly password: string;
  /** The challenge to answer, with the nonce in use; undefined until the server sent one. */
  readonly challenge: DigestChallenge | undefined;
  /** Answers sent with the nonce in use. */
  readonly nonceCount: number;
  /** Answers sent since the server's last challenge, whatever nonces it handed out since. */
  readonly answers: number;
  /** Challenges in a row that called the first answer to the one before stale. */
  readonly staleInRow: number;
  /** H(A1) of a `-sess` algorithm, once the first answer to the challenge is made. */
  readonly sessionKey: string | undefined;
}

/** The request to authorize. */
export interface DigestRequest {
  /** As it is sent: `GET`. */
  readonly method: string;
  /** The request target as it is sent: the whole path with its query. */
  readonly uri: string;
}

/** An answer to the server, and what to remember. */
export interface DigestAnswer {
  /** Value of the `Authorization` header; undefined while no challenge is known: send the request without. */
  readonly header: string | undefined;
  /** The nonce of that header: what `nextStep` wants if the answer is refused. */
  readonly nonce: string | undefined;
  readonly state: DigestSession;
}

/** What to do after a 401. */
export type DigestStep =
  | {
      /** Send the request again, authorized with this state. */
      readonly kind: 'answer';
      readonly state: DigestSession;
    }
  | {
      /** The server refused the credentials. */
      readonly kind: 'rejected';
    }
  | {
      /** The server sent nothing that can be answered, or calls every fresh nonce stale. */
      readonly kind: 'unsupported';
    };

/** A gateway that is slow to answer may let a nonce age once or twice; more is a server that cannot be satisfied. */
const staleLimit = 3;

/** A session that knows no challenge yet. */
export function digestSession(username: string, password: string): DigestSession {
  return {
    username,
    password,
    challenge: undefined,
    nonceCount: 0,
    answers: 0,
    staleInRow: 0,
    sessionKey: undefined,
  };
}

/**
 * The session after a challenge: a new authentication session begins (RFC 7616 section 3.4.2). A nonce that the server
 * sends again goes on with its count, since a count used twice would be a replay.
 */
export function challenged(state: DigestSession, challenge: DigestChallenge): DigestSession {
  const nonceCount = challenge.nonce === state.challenge?.nonce ? state.nonceCount : 0;
  return { ...state, challenge, nonceCount, answers: 0, sessionKey: undefined };
}

/** The session after an `Authentication-Info` with a next nonce: same authentication session, new nonce and count. */
export function renewed(state: DigestSession, nonce: string | undefined): DigestSession {
  if (state.challenge === undefined || nonce === undefined || nonce === state.challenge.nonce) return state;
  return { ...state, challenge: { ...state.challenge, nonce }, nonceCount: 0 };
}

/** Bytes as HTTP clients write header texts, one character a byte: what is hashed is then what is on the wire. */
function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Text that came from the server, as bytes again; a client that had decoded it as UTF-8 shows by wide characters. */
function serverBytes(text: string): string {
  return /[\u0100-\uffff]/.test(text) ? utf8Bytes(text) : text;
}

function quoted(bytes: string): string {
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}

/** RFC 5987 ext-value. */
function extended(bytes: string): string {
  const escape = (byte: string): string => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
  return `UTF-8''${bytes.replace(/[^A-Za-z0-9!#$&+.^_`|~-]/g, escape)}`;
}

type Hash = (text: string) => string;

function hashOf(challenge: DigestChallenge): Hash {
  const name = challenge.algorithm.startsWith('SHA-256') ? 'sha256' : 'md5';
  return (text) => createHash(name).update(text, 'latin1').digest('hex');
}

/** The `username` parameters: hashed, extended where a quoted string cannot carry the name, or quoted. */
function usernameParameters(username: string, challenge: DigestChallenge, hash: Hash): string[] {
  const bytes = utf8Bytes(username);
  if (challenge.userHash) {
    return [`username=${quoted(hash(`${bytes}:${serverBytes(challenge.realm)}`))}`, 'userhash=true'];
  }
  const beyondAscii = bytes !== username;
  const extend = (challenge.utf8 && beyondAscii) || /\p{Cc}/u.test(username);
  return [extend ? `username*=${extended(bytes)}` : `username=${quoted(bytes)}`];
}

/**
 * The `Authorization` header for a request (RFC 7616 section 3.4), and the session after it. The nonce count starts at
 * 1 for each nonce. Username and password count as UTF-8, and as NFC where the server asks for it (section 4).
 *
 * @param cnonce client nonce: fresh random text for each call
 */
export function authorize(state: DigestSession, request: DigestRequest, cnonce: string): DigestAnswer {
  const { challenge } = state;
  if (challenge === undefined) return { header: undefined, nonce: undefined, state };
  const hash = hashOf(challenge);
  const session = challenge.algorithm.endsWith('-sess');
  const [username, password] = [state.username, state.password].map((text) =>
    challenge.utf8 ? text.normalize('NFC') : text,
  ) as [string, string];
  const realm = serverBytes(challenge.realm);
  const nonce = serverBytes(challenge.nonce);
  const nonceCount = state.nonceCount + 1;
  const nc = nonceCount.toString(16).padStart(8, '0');

  const secret = (): string => hash(`${utf8Bytes(username)}:${realm}:${utf8Bytes(password)}`);
  const key = session ? (state.sessionKey ?? hash(`${secret()}:${nonce}:${cnonce}`)) : secret();
  const protection = challenge.qop === undefined ? '' : `${nc}:${cnonce}:${challenge.qop}:`;
  const response = hash(`${key}:${nonce}:${protection}${hash(`${request.method}:${request.uri}`)}`);

  const parameters = [
    ...usernameParameters(username, challenge, hash),
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response=${quoted(response)}`,
  ];
  if (challenge.algorithmText !== undefined) parameters.push(`algorithm=${challenge.algorithmText}`);
  if (challenge.qop !== undefined) parameters.push(`qop=${challenge.qop}`, `nc=${nc}`);
  // Without qop no cnonce is due, but nobody could check a -sess answer whose cnonce stays unknown.
  if (challenge.qop !== undefined || session) parameters.push(`cnonce=${quoted(cnonce)}`);
  if (challenge.opaque !== undefined) parameters.push(`opaque=${quoted(serverBytes(challenge.opaque))}`);

  const after = { ...state, nonceCount, answers: state.answers + 1, sessionKey: session ? key : undefined };
  return { header: `Digest ${parameters.join(', ')}`, nonce: challenge.nonce, state: after };
}

/**
 * What to do after a 401. A refused first answer to a challenge means wrong credentials; a later one, sent on ahead
 * with a known nonce, may only have met a nonce that a restarted or old gateway forgot without calling it stale, and
 * is answered once more. It ends: two 401 in a row that are not stale, or a few stale ones, and there is no answer.
 *
 * @param challengeHeaders `WWW-Authenticate` of the 401
 * @param answeredWith the nonce that the refused request was authorized with; left out where it had no authorization
 */
export function nextStep(state: DigestSession, challengeHeaders: HeaderValue, answeredWith?: string): DigestStep {
  const challenges = parseChallenges(challengeHeaders);
  const challenge = chooseChallenge(challenges);
  const answered = answeredWith !== undefined;
  if (challenge === undefined) return { kind: answered && challenges.length === 0 ? 'rejected' : 'unsupported' };
  const current = answered && answeredWith === state.challenge?.nonce;
  const firstAnswer = current && state.answers <= 1;
  if (challenge.stale) {
    const staleInRow = firstAnswer ? state.staleInRow + 1 : 1;
    if (staleInRow > staleLimit) return { kind: 'unsupported' };
    return { kind: 'answer', state: { ...challenged(state, challenge), staleInRow } };
  }
  if (firstAnswer || (answered && challenge.nonce === answeredWith)) return { kind: 'rejected' };
  return { kind: 'answer', state: { ...challenged(state, challenge), staleInRow: 0 } };
}
