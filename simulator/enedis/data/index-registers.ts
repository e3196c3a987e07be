import { hash, seedOf } from '../../model/noise.js';
import type { UsagePoint } from '../model/customers.js';
import type { Meter } from '../model/meter.js';
import { daysOf } from '../model/paris.js';
import type { EnedisParts } from '../parts.js';
import { publishedDays } from './readings.js';
import type { MeasurementQuery } from './rules.js';

/** What a meter's registers showed when a day began, Wh. */
interface Registers {
  readonly offPeak: number;
  readonly peak: number;
}

/** Registers are counted from here, or from the activation where that came later. */
const countedFrom = '2022-01-01';

function registersAt(meter: Meter, point: UsagePoint, query: MeasurementQuery, day: string): Registers {
  const own = seedOf(point.id);
  const first = point.activatedOn > countedFrom ? point.activatedOn : countedFrom;
  const isOld = first === countedFrom;
  let offPeak = isOld ? Math.round(4_000_000 * hash(own, 1)) : 0;
  let peak = isOld ? Math.round(9_000_000 * hash(own, 2)) : 0;
  for (const earlier of daysOf(first, day)) {
    const measured = meter.day(earlier)[query.direction];
    offPeak += measured.offPeakEnergy;
    peak += measured.energy - measured.offPeakEnergy;
  }
  return { offPeak, peak };
}

interface Row extends Registers {
  readonly day: string;
}

/** The registers at the beginning of each day. */
function rowsOf(meter: Meter, point: UsagePoint, query: MeasurementQuery, days: readonly string[]): Row[] {
  const rows: Row[] = [];
  let registers: Registers | undefined;
  for (const day of days) {
    registers ??= registersAt(meter, point, query, day);
    rows.push({ day, ...registers });
    const measured = meter.day(day)[query.direction];
    registers = {
      offPeak: registers.offPeak + measured.offPeakEnergy,
      peak: registers.peak + measured.energy - measured.offPeakEnergy,
    };
  }
  return rows;
}

function valuesOf(rows: readonly Row[], read: (row: Row) => number): unknown[] {
  return rows.map((row) => ({ d: `${row.day} 00:00:00`, v: read(row), iv: 0 }));
}

/** The classes of time of a meter: peak and off-peak hours where the contract has them, else one. */
function classesOf(point: UsagePoint, rows: readonly Row[]): unknown[] {
  if (point.offPeak === undefined) {
    const valeur = valuesOf(rows, ({ peak }) => peak);
    return [{ idClasseTemporelle: 'BASE', libelleClasseTemporelle: 'Base', codeCadran: '01', valeur }];
  }
  return [
    {
      idClasseTemporelle: 'HC',
      libelleClasseTemporelle: 'Heures Creuses',
      codeCadran: '01',
      valeur: valuesOf(rows, ({ offPeak }) => offPeak),
    },
    {
      idClasseTemporelle: 'HP',
      libelleClasseTemporelle: 'Heures Pleines',
      codeCadran: '02',
      valeur: valuesOf(rows, ({ peak }) => peak),
    },
  ];
}

/** The registers of a meter in the shape of 2026 (spec/device-flow 4.10.1); nothing where there is none. */
export function indexDocument(parts: EnedisParts, point: UsagePoint, query: MeasurementQuery): unknown {
  const days = publishedDays(parts, point, query.from, query.until);
  if (days.length === 0) return undefined;
  const rows = rowsOf(parts.meter(point), point, query, days);
  const hasOffPeak = point.offPeak !== undefined;
  const calendar = {
    idCalendrier: hasOffPeak ? 'FC000016' : 'FC000014',
    libelleCalendrier: hasOffPeak ? 'Heures Pleines/Creuses' : 'Base',
    classeTemporelle: classesOf(point, rows),
  };
  const quantity = {
    grandeurMetier: query.direction === 'consumption' ? 'CONS' : 'PROD',
    grandeurPhysique: 'EA',
    unite: 'Wh',
    calendrier: [calendar],
    cadranTotalisateur: { codeCadran: '00', valeur: valuesOf(rows, ({ offPeak, peak }) => offPeak + peak) },
  };
  return {
    idPrm: query.usagePoint,
    etapeMetier: 'BRUT',
    periode: { dateDebut: query.from, dateFin: query.until },
    modeCalcul: 'MESURE',
    grandeur: [],
    contexte: [{ etapeMetier: 'BRUT', contexteReleve: 'COL', typeReleve: 'AQ', grandeur: [quantity] }],
  };
}
