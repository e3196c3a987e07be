import { createHash } from 'node:crypto';
import type { AuthenticationCode } from '../errors.js';
import type { KeptDance } from './dance.js';
import type { DeviceFlowSettings } from './settings.js';
import type { TokenSet } from './tokens.js';

/** Tokens as they are kept. */
export interface KeptTokens extends TokenSet {
  /** The list of usage points letter by letter: a refresh at the PHP server must repeat it (spec/device-flow 1.6 B). */
  readonly usagePointsAsReceived?: string;
}

/** What is known of an account at one server. */
export interface AccountState {
  readonly tokens?: KeptTokens;
  /** The dance that is under way, its device code included. */
  readonly dance?: KeptDance;
  /** Why nothing is tried until a person consents anew. */
  readonly blocked?: { readonly code: AuthenticationCode; readonly message: string; readonly at: number };
  /** Tokens that the server refused; for the record, never sent again. */
  readonly rejected?: KeptTokens;
  /** Hash of the token of the credentials that was taken over last: the same one is not taken twice. */
  readonly adopted?: string;
}

/** What one account keeps between runs. It holds secrets and is only ever kept sealed. */
export interface AccountMemory extends AccountState {
  /** Whose state this is: see `accountName`. */
  readonly account: string;
  /** States at other servers that the account was at before: a server set back finds its tokens again. */
  readonly others?: readonly (AccountState & { readonly account: string })[];
}

/** How many other servers are remembered. */
const mostOthers = 3;

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

/** A name for a server with a client id: tokens of one are never sent to another. */
export function accountName({ server, clientId }: DeviceFlowSettings): string {
  return hash(`account\n${server.toLowerCase()}\n${clientId}`);
}

/** A name for a token that does not give it away. */
export function tokenName(token: string): string {
  return hash(`token\n${token}`);
}

/** The memory turned to the account that is configured now; what belongs to another is laid aside. */
export function memoryFor(account: string, stored: AccountMemory | undefined): AccountMemory {
  if (!stored || stored.account === account) return stored ?? { account };
  const { others = [], ...current } = stored;
  const found = others.find((each) => each.account === account);
  const left = [current, ...others.filter((each) => each !== found)].slice(0, mostOthers);
  return { ...(found ?? { account }), others: left };
}
