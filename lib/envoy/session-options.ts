import type { AuthenticationError, EnergyError } from '../errors.js';
import type { Kept } from '../store/sealed-file.js';
import type { GatewayMemory } from './memory.js';
import type { Known } from './reader.js';
import type { GatewayCredentials, GatewaySettings } from './settings.js';
import type { ObtainToken } from './token-keeper.js';

/** What a session is made from. */
export interface SessionOptions {
  readonly settings: GatewaySettings;
  /** The credentials as they are at this moment. */
  readonly credentials: () => GatewayCredentials;
  readonly memory: Kept<GatewayMemory>;
  readonly obtainToken: ObtainToken;
  /** Whether a person brought the session about (a deploy) and not a restart: a rejection of before is then tried anew. */
  readonly startedByPerson: boolean;
  /** Told of what a person should look after while reading goes on. */
  readonly onProblem?: (error: AuthenticationError) => void;
  /** Told of every new token, after it is safe on disk; `undefined` when it was dropped. */
  readonly onToken?: (token: string | undefined) => void;
  /** Told of failures that do not stop reading, such as a full disk. */
  readonly onFailure?: (error: EnergyError) => void;
  /** The clock, ms since the epoch. */
  readonly now?: () => number;
}

/** A gateway as it was found, with what the account may do there. */
export interface KnownGateway extends Known {
  /** Role of the token: `owner`, `installer`; absent with Digest. */
  readonly role?: string;
}
