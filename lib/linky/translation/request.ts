import {
  contractPath,
  contractsPathV5,
  indexPaths,
  measurementResources,
  meterPath,
  type MeasurementResource,
} from '../datasets.js';
import { addDays } from '../paris.js';

/** A GET request to the data interfaces: a path relative to their base, and its query. */
export interface DataCall {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** What a client asks for, in the words of v5. */
export interface AskedData {
  /** Relative path, v5 (or 2026 for the registers). */
  readonly path: string;
  /** 14 digits. */
  readonly usagePoint: string;
  /** `YYYY-MM-DD`; `end` is the first day that is left out. */
  readonly start?: string;
  readonly end?: string;
}

/** What is asked of Data Connect 2026 in its place (spec/device-flow 1.13). */
export type Translation =
  | {
      readonly kind: 'measurement';
      readonly resource: MeasurementResource;
      readonly call: DataCall;
      readonly end: string;
    }
  | { readonly kind: 'contracts'; readonly contract: DataCall; readonly meter: DataCall }
  /** Registers, for which v5 has no words: the reply is passed on as it is. */
  | { readonly kind: 'index'; readonly call: DataCall };

const emptyQuery = {};

/** The end to ask for: equal dates mean that one day, and 2026 turns them down. */
function endOf(start: string, end: string): string {
  return start === end ? addDays(start, 1) : end;
}

/** Translates a request of v5 to 2026. `undefined` for a path that has no counterpart, or where its dates are missing. */
export function translateRequest({ path, usagePoint, start, end }: AskedData): Translation | undefined {
  if (path === contractsPathV5) {
    return {
      kind: 'contracts',
      contract: { path: `${contractPath}/${usagePoint}`, query: emptyQuery },
      meter: { path: `${meterPath}/${usagePoint}`, query: emptyQuery },
    };
  }
  if (start === undefined || end === undefined) return undefined;
  const lastDay = endOf(start, end);
  const query = { pointId: usagePoint, dateDebut: start, dateFin: lastDay };
  if (Object.values(indexPaths).includes(path)) return { kind: 'index', call: { path, query } };
  const resource = measurementResources.find(({ v5 }) => v5 === path);
  if (resource === undefined) return undefined;
  const isMaxPower = resource.kind === 'max_power';
  return {
    kind: 'measurement',
    resource,
    end: lastDay,
    call: {
      path: resource.path,
      query: { ...query, ...(isMaxPower && { mesuresPas: 'P1D', grandeurPhysique: 'PMA' }) },
    },
  };
}

/** The request of v5 itself. */
export function legacyRequest({ path, usagePoint, start, end }: AskedData): DataCall {
  return {
    path,
    query: {
      usage_point_id: usagePoint,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    },
  };
}
