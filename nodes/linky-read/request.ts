import type { NodeMessage } from 'node-red';
import { EnergyError } from '../../lib/errors.js';
import type { ReadRequest } from '../../lib/linky/reader/reader.js';
import { linkyDatasets, type LinkyDataset } from '../../lib/linky/readings.js';
import { dayOf, isBlank, usagePointOf } from './dates.js';

/** What a `linky-read` node is set to (design 3.6). */
export interface ReadProperties {
  readonly dataset?: string;
  readonly from?: string;
  readonly to?: string;
  /** Blank: every usage point of the account. */
  readonly usagePoint?: string;
}

/** A message into `linky-read`: its dates count before those of the node. */
export type ReadMessage = NodeMessage & { readonly from?: unknown; readonly to?: unknown };

/** What is wrong with a request: a key below `validate` in the catalog. */
export type RequestProblem = 'dataset.unknown' | 'date.invalid' | 'usagePoint.invalid' | 'range.empty';

function refused(field: string, problem: RequestProblem, explain: (problem: RequestProblem) => string): EnergyError {
  return new EnergyError('invalid_argument', `${field}: ${explain(problem)}`, { parameters: { field } });
}

function datasetOf(name: string | undefined): LinkyDataset | undefined {
  return linkyDatasets.find((each) => each === (name ?? 'daily_consumption'));
}

/**
 * What is to be read, as the message asks for it and, for what it leaves open, the node.
 * @param now ms since the epoch
 * @param explain the text for what is wrong
 * @throws EnergyError `invalid_argument` naming the field
 */
export function readRequestOf(
  properties: ReadProperties,
  message: ReadMessage,
  now: number,
  explain: (problem: RequestProblem) => string,
): Pick<ReadRequest, 'dataset' | 'usagePoint' | 'from' | 'to'> {
  const dataset = datasetOf(properties.dataset);
  if (!dataset) throw refused('dataset', 'dataset.unknown', explain);
  const wanted = properties.usagePoint;
  const usagePoint = usagePointOf(wanted);
  if (!isBlank(wanted) && usagePoint === undefined) throw refused('usagePoint', 'usagePoint.invalid', explain);
  const whose = { dataset, ...(usagePoint !== undefined && { usagePoint }) };
  if (dataset === 'contract') return whose;
  const day = (field: 'from' | 'to'): string | undefined => {
    const isInMessage = !isBlank(message[field]);
    const given: unknown = isInMessage ? message[field] : properties[field];
    if (isBlank(given)) return undefined;
    const found = dayOf(given, now);
    if (found === undefined) throw refused(isInMessage ? `msg.${field}` : field, 'date.invalid', explain);
    return found;
  };
  const [from, to] = [day('from'), day('to')];
  const end = to ?? dayOf('today', now);
  if (from !== undefined && end !== undefined && from >= end) throw refused('from', 'range.empty', explain);
  return {
    ...whose,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  };
}
