import type { MeterReadingDocument } from '../../../../lib/linky/documents.js';

/** A usage point of nobody; it begins with a zero, which a number would lose. */
export const usagePoint = '01234567890123';

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Midnight in Paris as ms since the epoch, found by trying both offsets. */
function midnight(day: string): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  const found = [asUtc - 7_200_000, asUtc - 3_600_000].find((at) => clock.format(at) === `${day} 00:00:00`);
  if (found === undefined) throw new Error(`No midnight on ${day}`);
  return found;
}

/** The next day, counted on the calendar. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** Wall times in Paris of the ends of all intervals of a day. */
export function intervalEnds(day: string, minutes: number): string[] {
  const from = midnight(day);
  const until = midnight(dayAfter(day));
  const count = (until - from) / (minutes * 60_000);
  return Array.from({ length: count }, (_, index) => clock.format(from + (index + 1) * minutes * 60_000));
}

/** The curve of a day in v5 with the given values, one per interval. */
export function curveV5(day: string, minutes: number, valueAt: (index: number) => number): MeterReadingDocument {
  return {
    meter_reading: {
      usage_point_id: usagePoint,
      start: day,
      end: dayAfter(day),
      quality: 'BRUT',
      reading_type: { unit: 'W', measurement_kind: 'power', aggregate: 'average' },
      interval_reading: intervalEnds(day, minutes).map((date, index) => ({
        value: String(valueAt(index)),
        date,
        interval_length: `PT${minutes}M`,
        measure_type: 'B',
      })),
    },
  };
}

/** A point of 2026 that a test may spoil. */
interface Point {
  v: string | number | null;
  d: string;
  readonly p: string | undefined;
  readonly n: string | undefined;
}

/** The same in 2026. */
export function curve2026(v5: MeterReadingDocument, direction: 'CONS' | 'PROD' = 'CONS') {
  const { usage_point_id, start, end, quality, interval_reading } = v5.meter_reading;
  return {
    idPrm: usage_point_id as string | number,
    etapeMetier: quality,
    periode: { dateDebut: start, dateFin: end },
    modeCalcul: 'MESURE',
    grandeur: [
      {
        grandeurMetier: direction,
        grandeurPhysique: 'PA',
        unite: 'W',
        points: interval_reading.map<Point>(({ value, date, interval_length, measure_type }) => ({
          v: value,
          d: date,
          p: interval_length,
          n: measure_type,
        })),
      },
    ],
    contexte: [],
  };
}
