import type { Reading, SeriesDataset } from '../readings.js';
import type { CachedDay } from './cached-day.js';

/** A reading as it is kept: start, length, value, then what few readings have; what is not there is `null` or left out. */
type Row = readonly [
  start: number,
  length: number,
  value: number,
  quality?: string | null,
  at?: number | null,
  register?: string | null,
  label?: string | null,
];

/** A day as it is kept. */
export type DayRows = readonly [askedAt: number, rows: readonly Row[]];

/** The unit of a dataset's readings. */
function unitOf(dataset: SeriesDataset): Reading['unit'] {
  if (dataset.endsWith('_load_curve')) return 'W';
  return dataset === 'daily_consumption_max_power' ? 'VA' : 'Wh';
}

function rowOf({ start, end, value, quality, at, register, label }: Reading): Row {
  const optional = [quality ?? null, at ?? null, register ?? null, label ?? null];
  while (optional.length > 0 && optional.at(-1) === null) optional.pop();
  return [start, end - start, value, ...optional] as unknown as Row;
}

function readingOf([start, length, value, quality, at, register, label]: Row, unit: Reading['unit']): Reading {
  return {
    start,
    end: start + length,
    value,
    unit,
    ...(typeof at === 'number' && { at }),
    ...(typeof register === 'string' && { register }),
    ...(typeof label === 'string' && { label }),
    ...(typeof quality === 'string' && { quality }),
  };
}

/** A day in few bytes. */
export function toRows({ askedAt, readings }: CachedDay): DayRows {
  return [askedAt, readings.map(rowOf)];
}

/** The day again. */
export function fromRows([askedAt, rows]: DayRows, dataset: SeriesDataset): CachedDay {
  const unit = unitOf(dataset);
  return { askedAt, readings: rows.map((row) => readingOf(row, unit)) };
}
