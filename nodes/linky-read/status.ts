import type { Node, NodeStatusFill } from 'node-red';
import { AuthenticationError } from '../../lib/errors.js';
import type { ReadNote, ReadProgress, ReadResult } from '../../lib/linky/reader/reader.js';
import type { Reading } from '../../lib/linky/readings.js';
import { failureKey, StatusLine, type StatusTexts } from '../shared/status.js';

/** What a `linky-read` node shows below itself; never a usage point. */
export interface ReadStatus {
  waiting(): void;
  noAccount(): void;
  /** When the next timed read is due, ms since the epoch; shown only where there is nothing better to show. */
  next(at: number): void;
  reading(): void;
  progress(progress: ReadProgress): void;
  results(results: readonly ReadResult[]): void;
  cancelled(): void;
  failure(error: unknown): void;
}

/** Notes that say why there is nothing at all. */
const reasons: readonly ReadNote[] = ['not_activated', 'wrong_direction'];

function timeText(milliseconds: number): string {
  return new Date(milliseconds).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}

function amount({ value, unit }: Reading): string {
  if (unit === 'W') return `${value.toLocaleString(undefined, { maximumFractionDigits: 0 })} W`;
  const thousands = value / 1000;
  return `${thousands.toLocaleString(undefined, { maximumFractionDigits: thousands < 1000 ? 1 : 0 })} k${unit}`;
}

function lastText(reading: Reading, texts: StatusTexts): string {
  const format = { timeZone: 'Europe/Paris', day: 'numeric', month: 'short' } as const;
  return texts('last', { amount: amount(reading), day: new Date(reading.start).toLocaleDateString(undefined, format) });
}

function newest(results: readonly ReadResult[]): Reading | undefined {
  const lasts = results.flatMap(({ readings }) => readings.at(-1) ?? []);
  return lasts.reduce<Reading | undefined>((last, each) => (last && last.end >= each.end ? last : each), undefined);
}

/** The text for what was read, and whether all is well. */
function resultText(results: readonly ReadResult[], texts: StatusTexts): { fill: NodeStatusFill; text: string } {
  const problem = results.find((result) => result.problem)?.problem;
  if (problem) return { fill: 'yellow', text: texts(failureKey(problem)) };
  const reading = newest(results);
  const isWhole = results.every(({ missing, incomplete = [] }) => missing.length + incomplete.length === 0);
  const fill = isWhole ? 'green' : 'yellow';
  if (reading) return { fill, text: lastText(reading, texts) };
  const reason = reasons.find((note) => results.some(({ notes }) => notes.includes(note)));
  if (reason) return { fill: 'yellow', text: texts(`note.${reason}`) };
  return { fill, text: texts(results.some(({ dataset }) => dataset === 'contract') ? 'contract' : 'nothing') };
}

/** The status of a node; a status that stays the same is not sent again. */
export function readStatus(node: Node, texts: StatusTexts): ReadStatus {
  const line = new StatusLine(node);
  return {
    waiting: () => line.show('grey', 'ring', texts('waiting')),
    noAccount: () => line.show('red', 'ring', texts('noAccount')),
    next: (at) => {
      if (line.fill === undefined || line.fill === 'grey')
        line.show('grey', 'ring', texts('next', { time: timeText(at) }));
    },
    reading: () => line.show('blue', 'ring', texts('reading')),
    progress: ({ done, total, waitingUntil }) => {
      if (waitingUntil !== undefined)
        line.show('yellow', 'ring', texts('waitingUntil', { time: timeText(waitingUntil) }));
      else if (total > 1) line.show('blue', 'ring', texts('progress', { done, total }));
      else line.show('blue', 'ring', texts('reading'));
    },
    results: (results) => {
      const { fill, text } = resultText(results, texts);
      line.show(fill, 'dot', text);
    },
    cancelled: () => line.show('grey', 'ring', texts('cancelled')),
    failure: (error) => {
      line.show('red', error instanceof AuthenticationError ? 'dot' : 'ring', texts(failureKey(error)));
    },
  };
}
