import { setTimeout as pause } from 'node:timers/promises';
import type { EnergyError } from '../../errors.js';
import { asEnergyError } from '../../errors.js';
import type { ProxyContext } from '../context.js';
import { moveOver, type Moved } from './move-over.js';
import type { PhpCache } from './php-cache.js';

/** The move in the background. */
export interface Moving {
  /** Resolves when nothing is left to move, or after `stop`. */
  readonly done: Promise<void>;
  /** Ends it after the tokens under way; the next start goes on from there. */
  stop(): Promise<void>;
}

/** Who wants to know. */
export interface MovingOptions {
  /** After each round. */
  readonly onRound?: (moved: Moved) => void;
  /** A round failed; another one follows. */
  readonly onFailure?: (error: EnergyError) => void;
  /** Time between two rounds at first, ms; it doubles up to an hour while there is nothing to do. */
  readonly wait?: number;
}

const longestWait = 3_600_000;

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

async function rounds(
  context: ProxyContext,
  cache: PhpCache,
  signal: AbortSignal,
  { onRound, onFailure, wait: firstWait = 60_000 }: MovingOptions,
): Promise<void> {
  let wait = firstWait;
  while (!signal.aborted) {
    try {
      const moved = await moveOver(context, cache, { signal });
      onRound?.(moved);
      if (moved.left === 0) return;
      wait = moved.refreshTokens + moved.accessTokens > 0 ? firstWait : Math.min(2 * wait, longestWait);
    } catch (error) {
      if (!isAbort(error)) onFailure?.(asEnergyError(error));
    }
    await pause(wait, undefined, { signal, ref: false }).catch(() => undefined);
  }
}

/**
 * Moves the PHP server's tokens over in the background, round by round, until nothing of it is left: while it still
 * runs beside the proxy it may issue further ones.
 */
export function startMoving(context: ProxyContext, cache: PhpCache, options: MovingOptions = {}): Moving {
  const ending = new AbortController();
  const done = rounds(context, cache, ending.signal, options);
  return {
    done,
    async stop() {
      ending.abort();
      await done;
    },
  };
}
