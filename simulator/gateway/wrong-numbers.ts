import type { Fault } from '../shared/faults.js';

/** Counters that only ever rise, in every document that has some. */
const counters = /("(?:whLifetime|wattHoursLifetime|actEnergyDlvd|actEnergyRcvd|whDlvdCum|whRcvdCum)":\s*)(-?[\d.]+)/g;

/** Powers and the energies of a day. */
const momentary =
  /("(?:wNow|wattsNow|activePower|instantaneousDemand|currW|actPower|wh(?:Today|LastSevenDays)|wattHours(?:Today|SevenDays))":\s*)(-?[\d.]+)/g;

/** Every lifetime counter is off by so many Wh: it jumps, or with a negative number falls back. */
export function countersOff(wattHours: number): Fault {
  const shift = (_: string, key: string, value: string): string =>
    `${key}${Math.round((Number(value) + wattHours) * 1000) / 1000}`;
  return { kind: 'edited', edit: (body) => body.replaceAll(counters, shift) };
}

/** Every lifetime counter is zero. */
export function countersZero(): Fault {
  return { kind: 'edited', edit: (body) => body.replaceAll(counters, '$10') };
}

/** A body with zeros for every power and every energy. */
export function zeroed(body: string): string {
  return body.replaceAll(counters, '$10').replaceAll(momentary, '$10');
}

/** Every power and every energy is zero, as after a start. */
export function allZero(): Fault {
  return { kind: 'edited', edit: zeroed };
}

interface Entry {
  readonly type?: string;
  readonly measurementType?: string;
}

type Report = Record<string, unknown> & { production?: Entry[]; consumption?: Entry[] };

function reportEdited(edit: (report: Report) => Report): Fault {
  return {
    kind: 'edited',
    edit: (body) => (body.startsWith('{') ? JSON.stringify(edit(JSON.parse(body) as Report)) : body),
  };
}

/** The entry as it is when its meter is not active: no phases, and zeros. */
function inactive(entry: Entry): Entry {
  const zeros = Object.entries(entry).filter(([, value]) => typeof value !== 'object');
  return Object.fromEntries(
    zeros.map(([key, value]) => [key, typeof value === 'number' && key !== 'readingTime' ? 0 : value]),
  );
}

/** The meters of production.json say `activeCount` 0 (spec/envoy 3.6): that of the production, or all of them. */
export function eimInactive(which: 'production' | 'all' = 'production'): Fault {
  const turned = (list: Entry[] | undefined): Entry[] | undefined =>
    list?.map((entry) => (entry.type === 'eim' ? inactive(entry) : entry));
  return reportEdited((report) => {
    const { production, consumption } = report;
    return {
      ...report,
      ...(production && { production: turned(production) ?? [] }),
      ...(consumption && { consumption: (which === 'all' ? turned(consumption) : consumption) ?? [] }),
    };
  });
}

/** production.json lacks one of its consumption entries. */
export function consumptionMissing(measurementType: 'net-consumption' | 'total-consumption'): Fault {
  return reportEdited((report) => ({
    ...report,
    ...(report.consumption && {
      consumption: report.consumption.filter((entry) => entry.measurementType !== measurementType),
    }),
  }));
}
