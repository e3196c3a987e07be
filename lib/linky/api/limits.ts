import type { SeriesDataset } from '../readings.js';
import type { WindowLimits } from './meter-api.js';

/** 24 months and 15 days, counted with the shortest months that may be (spec/device-flow 4.5). */
const curve: WindowLimits = { longestDays: 7, historyDays: 745 };
/** 36 months and 15 days; longer calls than a year work, but are not recommended. */
const daily: WindowLimits = { longestDays: 365, historyDays: 1110 };

/** What Enedis gives in one call and how far back (spec/device-flow 4.5). */
export function enedisLimits(dataset: SeriesDataset): WindowLimits {
  return dataset.endsWith('_load_curve') ? curve : daily;
}
