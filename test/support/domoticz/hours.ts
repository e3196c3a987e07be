import { addDays } from '../../../lib/linky/paris.js';

/** Mean power of an hour. */
export interface Hour {
  /** Wall time of its end, `YYYY-MM-DD HH:00:00`. */
  readonly at: string;
  readonly watts: number;
}

/** A point of an answer of v5, unchecked. */
export interface Point {
  readonly value?: unknown;
  readonly date?: unknown;
}

/** A day counts as complete with so many hours. */
const completeHours = 23;

/** A value of an answer; negative and other texts count as missing. */
export function amountOf({ value }: Point): number | undefined {
  const amount = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof amount === 'number' && amount >= 0 ? amount : undefined;
}

/**
 * Averages the points up to each full hour, in the order of the answer, whatever their steps are (spec/device-flow 5.3).
 */
export function hoursOf(points: readonly Point[]): Hour[] {
  const hours: Hour[] = [];
  let waiting: number[] = [];
  for (const point of points) {
    const amount = amountOf(point);
    if (amount !== undefined) waiting.push(amount);
    const at = typeof point.date === 'string' ? point.date : '';
    if (!at.endsWith(':00:00') || waiting.length === 0) continue;
    hours.push({ at, watts: waiting.reduce((sum, each) => sum + each, 0) / waiting.length });
    waiting = [];
  }
  return hours;
}

/** The hours of one direction of a usage point, by day; the hour that ends at midnight belongs to the day before. */
export class HourStore {
  readonly #days = new Map<string, Hour[]>();

  /** Takes the hours of an answer, in its order; a day that comes again replaces what there was. */
  add(hours: readonly Hour[]): void {
    const groups = new Map<string, Hour[]>();
    for (const each of hours) {
      const group = groups.get(dayOf(each)) ?? [];
      group.push(each);
      groups.set(dayOf(each), group);
    }
    for (const [day, group] of groups) this.#days.set(day, group);
  }

  /** The hours of a day, `YYYY-MM-DD`, in the order in which they came. */
  of(day: string): readonly Hour[] {
    return this.#days.get(day) ?? [];
  }

  isComplete(day: string): boolean {
    return new Set(this.of(day).map(({ at }) => at)).size >= completeHours;
  }

  get days(): readonly string[] {
    return [...this.#days.keys()].sort();
  }
}

function dayOf({ at }: Hour): string {
  const day = at.slice(0, 10);
  return at.endsWith(' 00:00:00') ? addDays(day, -1) : day;
}
