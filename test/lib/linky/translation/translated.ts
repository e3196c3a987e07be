import assert from 'node:assert/strict';
import fc from 'fast-check';
import { measurementResources, type MeasurementDataset } from '../../../../lib/linky/datasets.js';
import type { MeterReadingDocument } from '../../../../lib/linky/documents.js';
import { meterReading, readMeasurement2026 } from '../../../../lib/linky/translation/measurement.js';
import { dayAfter, usagePoint } from './days.js';

const resourceOf = (dataset: MeasurementDataset) => {
  const found = measurementResources.find((resource) => resource.dataset === dataset);
  assert.ok(found);
  return found;
};

interface Asked {
  dataset?: MeasurementDataset;
  start?: string;
  end?: string;
  curveStamps?: 'auto' | 'end' | 'start';
}

/** A document of 2026 in the words of v5, as it was asked for. */
export function translate(document: unknown, asked: Asked = {}): MeterReadingDocument {
  const { dataset = 'consumption_load_curve', start = '2026-11-03', end = dayAfter(start) } = asked;
  const resource = resourceOf(dataset);
  return meterReading(
    readMeasurement2026(document, { resource, usagePoint, start, end, curveStamps: asked.curveStamps ?? 'auto' }),
  );
}

/** The readings of a document of v5. */
export const readings = (document: MeterReadingDocument) => document.meter_reading.interval_reading;

/** A daily document with one quantity. */
export const daily = (quantity: object, more: object = {}) => ({
  idPrm: usagePoint,
  etapeMetier: 'BRUT',
  periode: { dateDebut: '2026-11-03', dateFin: '2026-11-05' },
  pas: 'P1D',
  grandeur: [{ grandeurMetier: 'CONS', grandeurPhysique: 'EA', unite: 'Wh', ...quantity }],
  ...more,
});

/** Days of the calendar, those of the clock changes among them as often as all others together. */
export const anyDay = fc.oneof(
  fc.constantFrom('2024-03-31', '2025-03-30', '2026-03-29', '2024-10-27', '2025-10-26', '2026-10-25'),
  fc.integer({ min: 0, max: 1000 }).map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10)),
);
