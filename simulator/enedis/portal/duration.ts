import { addDays, addMonths } from '../model/paris.js';
import type { Generation } from '../shares.js';

/** Why a duration is refused (spec/device-flow 4.1). */
type DurationRefusal = 'invalid_duration_format' | 'maximum_duration_exceeded';

/** The longest consent, months. */
const longest = 36;

/** How long a consent goes, or why not. */
export type ConsentEnd = { readonly until: string } | { readonly refusal: DurationRefusal };

/**
 * The first day after a consent of that ISO 8601 duration: years, months, weeks and days, at most three years. The
 * page of v2 looks at months and days only, so that whole years alone are none to it.
 * @param from `YYYY-MM-DD`
 */
export function endOfConsent(duration: string, from: string, generation: Generation): ConsentEnd {
  const match = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/.exec(duration);
  const [years = 0, months = 0, weeks = 0, days = 0] = (match ?? []).slice(1).map((text) => Number(text || 0));
  if (!match || years + months + weeks + days === 0) return { refusal: 'invalid_duration_format' };
  if (generation === 'v2' && months + weeks + days === 0) return { refusal: 'invalid_duration_format' };
  const until = addDays(addMonths(from, years * 12 + months), weeks * 7 + days);
  return until > addMonths(from, longest) ? { refusal: 'maximum_duration_exceeded' } : { until };
}
