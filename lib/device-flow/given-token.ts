import { EnergyError } from '../errors.js';
import { isUsagePoint } from '../linky/usage-point.js';
import type { TokenSet } from './tokens.js';

interface Claims {
  readonly sub?: unknown;
  readonly exp?: unknown;
}

const longest = 16_384;

function invalid(remedy: string): EnergyError {
  return new EnergyError('invalid_argument', `token: ${remedy}`, { parameters: { field: 'token' } });
}

function claimsOf(part: string): Claims | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A token as it is sent, from what a person pasted: the word `Bearer` and quotes around it go.
 * @throws EnergyError `invalid_argument` where the text can be no token
 */
export function cleanToken(given: string): string {
  const token = given
    .trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replace(/^bearer\s+/i, '')
    .trim();
  if (!/^[\x21-\x7e]+$/.test(token) || token.length > longest) {
    throw invalid('is no token: it must be one word, as the service shows it.');
  }
  return token;
}

function usagePointsOf(subject: unknown): string[] {
  const names: unknown[] = Array.isArray(subject) ? subject : [subject];
  return names.map(String).filter(isUsagePoint);
}

/**
 * The tokens of an account whose token a person got elsewhere. Where it is a JSON Web Token, as that of Conso API is, its
 * `sub` names the usage points and its `exp` is the end of the consent too (spec/device-flow 6.1); nothing is verified.
 * @throws EnergyError `invalid_argument` for a text that can be no token, was cut off, or is a token that has ended
 */
export function givenTokens(given: string, now: number): TokenSet {
  const token = cleanToken(given);
  const base: TokenSet = { accessToken: token, tokenType: 'Bearer', usagePoints: [], obtainedAt: now };
  const [, payload, ...rest] = token.split('.');
  const claims = payload !== undefined && rest.length === 1 ? claimsOf(payload) : undefined;
  if (!claims) {
    if (token.startsWith('eyJ')) throw invalid('is not whole: it was cut off when it was copied.');
    return base;
  }
  const expiresAt = typeof claims.exp === 'number' ? claims.exp * 1000 : undefined;
  if (expiresAt !== undefined && expiresAt <= now) throw invalid('has ended: get a new one from the service.');
  return {
    ...base,
    usagePoints: usagePointsOf(claims.sub),
    ...(expiresAt !== undefined && { expiresAt, consentUntil: expiresAt }),
  };
}
