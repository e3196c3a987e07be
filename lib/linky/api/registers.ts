import { EnergyError } from '../../errors.js';
import type { IndexDataset } from '../datasets.js';
import { listOf, numberOf, objectOf, textOf, usagePointOf, type JsonObject } from '../json.js';
import type { Reading } from '../readings.js';
import { unitFactor } from '../translation/points.js';
import { chronological, instantsOf, parseWallTime } from '../wall-time.js';

/** Name under which the register of everything together stands. */
const totalRegister = 'TOTAL';

interface Register {
  readonly register: string;
  readonly label?: string;
  readonly values: readonly unknown[];
}

function registerOf(entry: JsonObject): Register | undefined {
  const register = textOf(entry['idClasseTemporelle']) ?? textOf(entry['codeCadran']);
  const label = textOf(entry['libelleClasseTemporelle']);
  if (register === undefined) return undefined;
  return { register, ...(label !== undefined && { label }), values: listOf(entry['valeur']) };
}

/** The registers of a quantity: those of its calendars (peak, off-peak and so on) and the one of everything. */
function registersOf(quantity: JsonObject): Register[] {
  const classes = listOf(quantity['calendrier']).flatMap((calendar) =>
    listOf(objectOf(calendar)['classeTemporelle']).flatMap((entry) => registerOf(objectOf(entry)) ?? []),
  );
  const total = listOf(objectOf(quantity['cadranTotalisateur'])['valeur']);
  return total.length === 0 ? classes : [...classes, { register: totalRegister, values: total }];
}

/** A register shows a state at a moment: start and end are that moment, since nothing is measured between two. */
function readingsOf({ register, label, values }: Register, factor: number, quality: string | undefined): Reading[] {
  const dated = values.flatMap((each) => {
    const value = objectOf(each);
    const at = parseWallTime(value['d']);
    const amount = numberOf(value['v']);
    return at === undefined || amount === undefined ? [] : [{ at, amount }];
  });
  const ordered = chronological(dated, ({ at }) => at);
  const moments = instantsOf(ordered.map(({ at }) => at));
  return ordered.map(({ amount }, index) => ({
    start: moments[index] ?? 0,
    end: moments[index] ?? 0,
    value: amount * factor,
    unit: 'Wh',
    register,
    ...(label !== undefined && { label }),
    ...(quality !== undefined && { quality }),
  }));
}

interface Quantity {
  readonly quantity: JsonObject;
  readonly quality: string | undefined;
}

/** The active energies of the right direction, wherever they stand: `contexte[].grandeur[]`, or `grandeur[]` itself. */
function quantitiesOf(document: JsonObject, dataset: IndexDataset): Quantity[] {
  const direction = dataset === 'index_consumption' ? 'CONS' : 'PROD';
  const contexts = [...listOf(document['contexte']).map(objectOf), { grandeur: document['grandeur'] }];
  return contexts.flatMap((context: JsonObject) =>
    listOf(context['grandeur'])
      .map(objectOf)
      .filter((quantity) => (textOf(quantity['grandeurMetier']) ?? direction).toUpperCase() === direction)
      .filter((quantity) => (textOf(quantity['grandeurPhysique']) ?? 'EA').toUpperCase() === 'EA')
      .map((quantity) => ({ quantity, quality: textOf(context['etapeMetier']) ?? textOf(document['etapeMetier']) })),
  );
}

/** The same register at the same moment, told by several contexts or calendars, counts once: as told first. */
function withoutRepeats(readings: readonly Reading[]): Reading[] {
  const first = new Map<string, Reading>();
  for (const reading of readings) {
    const key = `${reading.end} ${reading.register ?? ''}`;
    if (!first.has(key)) first.set(key, reading);
  }
  return [...first.values()];
}

/**
 * Reads the registers of a meter (spec/device-flow 4.10.1), from a JSON value: one reading for each register and moment,
 * in the order of time. `start` and `end` of a reading are both the moment at which the register showed the value; the
 * register of everything together is `TOTAL`.
 * @throws EnergyError `reply_invalid` where it is no such document, is about another usage point or in another unit
 */
export function readRegisters(value: unknown, dataset: IndexDataset, usagePoint: string): Reading[] {
  const document = objectOf(value);
  if (!('contexte' in document) && !('grandeur' in document)) {
    throw new EnergyError('reply_invalid', 'The reply holds no registers.');
  }
  if ((usagePointOf(document['idPrm']) ?? usagePoint) !== usagePoint) {
    throw new EnergyError('reply_invalid', 'The reply is about another usage point than the one asked for.');
  }
  const readings = quantitiesOf(document, dataset).flatMap(({ quantity, quality }) => {
    const factor = unitFactor(textOf(quantity['unite']), 'Wh');
    return registersOf(quantity).flatMap((register) => readingsOf(register, factor, quality));
  });
  return withoutRepeats(readings).sort((one, other) => one.end - other.end);
}
