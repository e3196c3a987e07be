import { json } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { Direction } from '../model/meter.js';
import { isDay } from '../model/paris.js';
import type { EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';
import type { AccessToken } from '../tokens.js';
import { indexDocument } from './index-registers.js';
import { quantityOf } from './quantity.js';
import { readingsOf } from './readings.js';
import type { Reading } from './readings.js';
import { checkQuery, noData } from './rules.js';
import type { Measurement, MeasurementQuery, Refusal } from './rules.js';

/** What a resource of `mesure_synchrone_auto/v2` stands for (spec/device-flow 4.10.1). */
export interface CurrentResource {
  readonly measurement: Measurement;
  readonly direction: Direction;
}

const base = '/mesure_synchrone_auto/v2';

/** The resources of 2026. */
export const currentResources: ReadonlyMap<string, CurrentResource> = new Map<string, CurrentResource>([
  [`${base}/consommation_quotidienne`, { measurement: 'energy', direction: 'consumption' }],
  [`${base}/production_quotidienne`, { measurement: 'energy', direction: 'production' }],
  [`${base}/courbe_de_charge_consommation`, { measurement: 'curve', direction: 'consumption' }],
  [`${base}/courbe_de_charge_production`, { measurement: 'curve', direction: 'production' }],
  [`${base}/puissance_conso_max_quotidienne`, { measurement: 'power', direction: 'consumption' }],
  [`${base}/index_consommation`, { measurement: 'index', direction: 'consumption' }],
  [`${base}/index_production`, { measurement: 'index', direction: 'production' }],
]);

/** Parameters that have to be there besides the three of every resource, with the values that they may have. */
const furtherParameters: Readonly<Partial<Record<Measurement, Readonly<Record<string, readonly string[]>>>>> = {
  power: { mesuresPas: ['P1D', 'P1M'], grandeurPhysique: ['PMA', 'TOUT'] },
};

/** A refusal in the words of 2026; one code still comes in the old ones (spec/device-flow 4.7). */
export function currentRefusal({ status, code, message }: Refusal): Reply {
  if (code === 'ADAM-ERR0123') return json(status, { error: code, error_description: message });
  return json(status, { code, message });
}

/** What everything outside of the interface's description gets (spec/device-flow 4.10.4). */
export function technicalError(): Reply {
  return json(500, { code: 'technical_error', message: 'An internal error occurred.' });
}

/** Whether a request is one that the interface describes: its parameters, each once, and no content type. */
function isDescribed({ parameters, headers }: EnedisRequest, measurement: Measurement): boolean {
  if (headers['content-type'] !== undefined) return false;
  const further = furtherParameters[measurement] ?? {};
  const expected = ['pointId', 'dateDebut', 'dateFin', ...Object.keys(further)];
  const names = [...parameters.keys()];
  if (names.length !== expected.length || expected.some((name) => !names.includes(name))) return false;
  if (Object.entries(further).some(([name, values]) => !values.includes(parameters.get(name) ?? ''))) return false;
  const days = [parameters.get('dateDebut'), parameters.get('dateFin')];
  return days.every((day) => isDay(day ?? '')) && /^\d{14}$/.test(parameters.get('pointId') ?? '');
}

/** The highest reading of each month. */
function monthly(readings: readonly Reading[]): Reading[] {
  const highest = new Map<string, Reading>();
  for (const reading of readings) {
    const month = reading.date.slice(0, 7);
    if (reading.value > (highest.get(month)?.value ?? -1)) highest.set(month, reading);
  }
  return [...highest.values()];
}

function measurementDocument(query: MeasurementQuery, grandeur: readonly unknown[], step: string | undefined): unknown {
  return {
    idPrm: query.usagePoint,
    etapeMetier: 'BRUT',
    periode: { dateDebut: query.from, dateFin: query.until },
    modeCalcul: query.measurement === 'curve' ? 'MESURE' : 'DIFF.INDEX',
    ...(step !== undefined && { pas: step }),
    grandeur,
    contexte: [],
  };
}

/** Answers a resource of `mesure_synchrone_auto/v2` (spec/device-flow 4.10.1). */
export function currentMetering(
  parts: EnedisParts,
  request: EnedisRequest,
  { clientId }: AccessToken,
  { measurement, direction }: CurrentResource,
): Reply {
  if (!isDescribed(request, measurement)) return technicalError();
  const parameter = (name: string): string => request.parameters.get(name) ?? '';
  const query = {
    usagePoint: parameter('pointId'),
    measurement,
    direction,
    from: parameter('dateDebut'),
    until: parameter('dateFin'),
  };
  const point = checkQuery(parts, query, { clientId, legacy: false });
  if ('status' in point) return currentRefusal(point);
  const { switches } = parts;
  const step = measurement === 'power' ? parameter('mesuresPas') : measurement === 'energy' ? 'P1D' : undefined;
  const all = measurement === 'index' ? [] : readingsOf(parts, point, query);
  const readings = step === 'P1M' ? monthly(all) : all;
  const document =
    measurement === 'index'
      ? indexDocument(parts, point, query)
      : readings.length > 0 && measurementDocument(query, quantityOf(query, readings, switches), step);
  if (!document) return currentRefusal(noData);
  const answer = json(200, document);
  return switches.octetStream ? { ...answer, headers: { 'Content-Type': 'application/octet-stream' } } : answer;
}
