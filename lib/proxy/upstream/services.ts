import type { TransportReply } from '../../http/transport.js';
import { servicesPath } from '../../linky/datasets.js';
import { listOf, numberOf, objectOf, parseJson, textOf, usagePointOf } from '../../linky/json.js';
import { readFault } from '../../linky/translation/errors.js';
import { parseWallTime } from '../../linky/wall-time.js';
import { ProxyError } from '../http/error.js';
import type { AuthorizedCalls } from './authorized.js';
import { dataUrl } from './data-url.js';
import { misconfigured, UpstreamFailure } from './failure.js';
import { replyWait } from './reply-wait.js';
import type { SubscribedService } from './upstream.js';

/** A page of services. */
interface ServicesPage {
  readonly services: readonly SubscribedService[];
  /** How many there are on all pages. */
  readonly total: number;
}

/** No authorisation has nearly so many pages of services. */
const mostPages = 20;

function readService(value: unknown): SubscribedService | undefined {
  const entry = objectOf(value);
  const id = textOf(entry['id']);
  const usagePoint = usagePointOf(entry['pointId']);
  const autorisationId = textOf(objectOf(entry['autorisation'])['autorisationId'] ?? entry['autorisationId']);
  if (id === undefined || usagePoint === undefined || autorisationId === undefined) return undefined;
  const from = parseWallTime(entry['dateDebut'])?.day;
  const until = parseWallTime(entry['dateFin'])?.day;
  return {
    id,
    usagePoint,
    autorisationId,
    code: textOf(entry['serviceCode']) ?? '',
    state: textOf(entry['etatCode']) ?? '',
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
}

/**
 * Reads a page of subscribed services; those without an id, a usage point or an authorisation are left out. Where there
 * is none yet, Enedis sends null in place of the list (spec/device-flow 4.10.2).
 * @throws UpstreamFailure where it is no such document
 */
function readServicesPage(body: string): ServicesPage {
  const document = parseJson(body);
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new UpstreamFailure('invalid');
  const members = objectOf(document);
  const services = listOf(members['serviceSouscrit'] ?? members['services']).flatMap((each) => readService(each) ?? []);
  return { services, total: numberOf(members['nbTotalServices']) ?? services.length };
}

/** What a refusal of the services interface becomes. */
function refusalOf(reply: TransportReply, now: number): ProxyError {
  const { meaning, document } = readFault(reply.status, reply.body);
  const members = { code: document.code, ...(document.message !== undefined && { message: document.message }) };
  if (meaning === 'misconfigured' || meaning === 'application_token') return misconfigured(members);
  if (meaning === 'quota') {
    const retryAfter = (replyWait(reply, now) ?? 60_000) / 1000;
    return new ProxyError(429, document.error, { retryAfter, members });
  }
  const passes = [400, 403, 404].includes(reply.status) && !document.error.startsWith('enedis_error_');
  return passes
    ? new ProxyError(reply.status, document.error, { members })
    : new UpstreamFailure('invalid', { members });
}

/** What is asked of the services interface. */
export interface ServicesRequest {
  readonly calls: AuthorizedCalls;
  /** Base of the data interfaces. */
  readonly base: string;
  /** When the answer must be there, in ms of `performance.now()`. */
  readonly deadline: number;
  readonly now: () => number;
}

async function askPage(request: ServicesRequest, autorisationId: string, page?: number): Promise<ServicesPage> {
  const { calls, base, deadline, now } = request;
  const filter = `"comptage":false,"etatCode":["ACTIF","DEMANDE"],"serviceType":"ACCES"`;
  // Written out, since a number of JavaScript may not hold an id of 64 bits.
  const body = `{"autorisationId":${autorisationId},${filter}${page === undefined ? '' : `,"page":${page}`}}`;
  const reply = await calls.send({
    call: 'services',
    api: 'subscribed_services',
    url: dataUrl(base, { path: servicesPath, query: {} }),
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    deadline,
  });
  if (reply.status !== 200) throw refusalOf(reply, now());
  return readServicesPage(reply.body);
}

/**
 * All services of an authorisation, page by page (spec/device-flow 4.10.2). Whether the first page is 0 or 1 is not
 * documented: the first is asked for without a number, and a page that brings nothing new is passed over once.
 * @throws ProxyError 400 for what is no authorisation id; 429, 502, 503, 504; the upstream status where it refuses
 */
export async function askServices(request: ServicesRequest, autorisationId: string): Promise<SubscribedService[]> {
  if (!/^[1-9]\d{0,18}$/.test(autorisationId)) throw new ProxyError(400, 'invalid_request');
  const found = new Map<string, SubscribedService>();
  let unchanged = 0;
  for (let page = 0; page < mostPages && unchanged < 2; page++) {
    const { services, total } = await askPage(request, autorisationId, page === 0 ? undefined : page);
    const before = found.size;
    for (const service of services) found.set(service.id, service);
    if (found.size >= total || services.length === 0) break;
    unchanged = found.size === before ? unchanged + 1 : 0;
  }
  return [...found.values()];
}
