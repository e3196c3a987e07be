import { fileURLToPath } from 'node:url';

/** A clock that runs faster than the real one from its making on, for a gateway and for a Node-RED. */
export interface FastClock {
  /** ms since the epoch. */
  readonly now: () => number;
  /** Makes a Node-RED go by it: with `timers`, those are as fast, else they take their real time. */
  env(timers: 'fast' | 'real'): Readonly<Record<string, string>>;
}

export function fastClock(speed: number): FastClock {
  const begin = Date.now();
  const preload = fileURLToPath(new URL('./clock.cjs', import.meta.url));
  return {
    now: () => begin + (Date.now() - begin) * speed,
    env: (timers) => ({
      NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
      CLOCK_SPEED: String(speed),
      CLOCK_BEGIN: String(begin),
      TIMERS: timers,
    }),
  };
}

/** A place where it is about noon now, so that no test meets a night or a midnight. */
export function placeAtNoon(): { readonly timeZone: string; readonly longitude: number } {
  const west = new Date().getUTCHours() - 12;
  // Zones of this name count to the west.
  return { timeZone: `Etc/GMT${west < 0 ? '' : '+'}${west}`, longitude: -15 * west };
}
