/** A clock that a test sets. */
export interface SteerableClock {
  /** ms since the epoch; stands still between two steps. */
  readonly now: () => number;
  /** Lets time pass. */
  advance(step: {
    readonly seconds?: number;
    readonly minutes?: number;
    readonly hours?: number;
    readonly days?: number;
  }): void;
}

/** A clock that shows `start` until it is set. */
export function steerableClock(start: number): SteerableClock {
  let time = start;
  return {
    now: () => time,
    advance: ({ seconds = 0, minutes = 0, hours = 0, days = 0 }) => {
      time += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    },
  };
}

/** Lets a clock run so many times as fast as ours. @returns what stops it */
export function runningClock(clock: SteerableClock, speed: number): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    clock.advance({ seconds: (speed * (now - last)) / 1000 });
    last = now;
  }, 20);
  return () => {
    clearInterval(timer);
  };
}
