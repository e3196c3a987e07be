import type { TransportReply } from '../../http/transport.js';
import { EnergyError } from '../../errors.js';
import { parseJson } from '../../linky/json.js';
import { contractsDocument, readContracts, readMeter } from '../../linky/translation/contracts.js';
import { meterReading, readMeasurement2026 } from '../../linky/translation/measurement.js';
import { legacyRequest, type DataCall, type Translation } from '../../linky/translation/request.js';
import type { CurveStamps } from '../../linky/translation/points.js';
import { readDataReply, type DataOutcome } from './answer.js';
import type { AuthorizedCalls } from './authorized.js';
import { dataUrl } from './data-url.js';
import type { DataRequest } from './upstream.js';

/** What asking for data needs. */
export interface DataContext {
  readonly calls: AuthorizedCalls;
  /** Base of the data interfaces. */
  readonly base: string;
  readonly curveStamps: CurveStamps;
  /** When the answer must be there, in ms of `performance.now()`. */
  readonly deadline: number;
  readonly now: () => number;
}

/** A GET of 2026 must not name a content type, one of v5 must (spec/device-flow 1.8, 4.10.4). */
function send(context: DataContext, call: DataCall, generation: 'new' | 'legacy'): Promise<TransportReply> {
  const isNew = generation === 'new';
  return context.calls.send({
    call: isNew ? 'data' : 'data_legacy',
    // Quotas of v5 hold for all its interfaces together, those of 2026 for each (spec/device-flow 4.8).
    api: isNew ? (call.path.split('/')[0] ?? '') : 'v5',
    url: dataUrl(context.base, call),
    ...(!isNew && { headers: { 'content-type': 'application/json' } }),
    deadline: context.deadline,
  });
}

/** The text itself, where it is JSON. */
function untouched(body: string): string {
  if (parseJson(body) === undefined) throw new EnergyError('reply_invalid', 'The reply is not JSON.');
  return body;
}

/** Contract and meter are asked one after the other; without the meter the contract is worth giving. */
async function contracts(
  context: DataContext,
  { usagePoint }: DataRequest,
  { contract, meter }: Extract<Translation, { kind: 'contracts' }>,
): Promise<DataOutcome> {
  const now = context.now();
  const first = await send(context, contract, 'new');
  const outcome = readDataReply(first, 'new', now, untouched);
  if (outcome.meaning !== undefined) return outcome;
  const second = await send(context, meter, 'new');
  const isTemporary = second.status === 401 || second.status === 429 || second.status >= 500;
  if (isTemporary) return readDataReply(second, 'new', now, untouched);
  const known = second.status === 200 ? readMeter(parseJson(second.body)) : {};
  return readDataReply(first, 'new', now, (body) =>
    JSON.stringify(contractsDocument(usagePoint, readContracts(parseJson(body)), known)),
  );
}

/** Asks Data Connect 2026 and gives the answer in the words of v5. @throws ProxyError 429, 502, 503, 504 */
export async function askNew(
  context: DataContext,
  request: DataRequest,
  translation: Translation,
): Promise<DataOutcome> {
  if (translation.kind === 'contracts') return contracts(context, request, translation);
  const reply = await send(context, translation.call, 'new');
  if (translation.kind === 'index') return readDataReply(reply, 'new', context.now(), untouched);
  const { resource, end } = translation;
  const { usagePoint, start = '' } = request;
  const asked = { resource, usagePoint, start, end, curveStamps: context.curveStamps };
  return readDataReply(reply, 'new', context.now(), (body) =>
    JSON.stringify(meterReading(readMeasurement2026(parseJson(body), asked))),
  );
}

/** Asks v5 itself. @throws ProxyError 429, 502, 503, 504 */
export async function askLegacy(context: DataContext, request: DataRequest): Promise<DataOutcome> {
  const reply = await send(context, legacyRequest(request), 'legacy');
  return readDataReply(reply, 'legacy', context.now(), untouched);
}
