import { AuthenticationError, type EnergyError } from '../errors.js';
import { tokenHash } from './held-token.js';
import type { GatewayMemory, SessionMemory } from './memory.js';
import { obstacleAfter, refusalOf, type Obstacle } from './obstacle.js';
import type { GatewayCredentials } from './settings.js';

function credentialsHash({ username = '', password = '', token = '' }: GatewayCredentials): string {
  // Next to an account the token is our own copy, which changes without anybody's doing.
  return tokenHash(JSON.stringify(password === '' ? [username, token] : [username, password]));
}

function remembered(blocked: NonNullable<GatewayMemory['blocked']>): Obstacle {
  return { kind: 'blocked', error: new AuthenticationError(blocked.code, blocked.message, blocked.details) };
}

/**
 * Stands before a session while something keeps it from reading. A block that only a person lifts is kept across
 * restarts, for as long as the credentials stay the same.
 */
export class Barrier {
  readonly #memory: SessionMemory;
  readonly #credentials: () => GatewayCredentials;
  readonly #now: () => number;
  #obstacle: Obstacle | undefined;

  /** @param lifted whether a person brought the session about, who thereby lifts a block of before */
  constructor(memory: SessionMemory, credentials: () => GatewayCredentials, now: () => number, lifted: boolean) {
    this.#memory = memory;
    this.#credentials = credentials;
    this.#now = now;
    const { blocked } = memory.value;
    if (!lifted && blocked?.credentials === credentialsHash(credentials())) this.#obstacle = remembered(blocked);
  }

  /** What stands in the way. */
  get error(): AuthenticationError | undefined {
    return this.#obstacle?.error;
  }

  /** @throws AuthenticationError where the session may not read now */
  check(): void {
    const refusal = refusalOf(this.#obstacle, this.#now());
    if (refusal) throw refusal;
  }

  /** Opens the way because a person acted. */
  async lift(): Promise<void> {
    this.#obstacle = undefined;
    if (this.#memory.value.blocked) await this.#memory.change({ blocked: undefined });
  }

  /** A read went well. */
  passed(): void {
    this.#obstacle = undefined;
  }

  /** A read or a set-up failed: closes the way where the error asks for it. */
  failed(error: EnergyError): void {
    const obstacle = obstacleAfter(error, this.#obstacle, this.#now());
    if (!obstacle || obstacle.error === this.#obstacle?.error) return;
    this.#obstacle = obstacle;
    if (obstacle.kind === 'blocked') this.#remember(obstacle.error);
  }

  #remember({ code, message, parameters, account, expiresAt }: AuthenticationError): void {
    const details = {
      parameters,
      ...(account !== undefined && { account }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    const credentials = credentialsHash(this.#credentials());
    void this.#memory.change({ blocked: { credentials, code, message, details } });
  }
}
