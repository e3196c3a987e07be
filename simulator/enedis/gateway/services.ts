import { json } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { UsagePoint } from '../model/customers.js';
import type { EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';
import type { Share } from '../shares.js';
import type { AccessToken } from '../tokens.js';
import type { ServiceDocument } from './service-document.js';

/** What may be asked of the interface; anything else is outside of its description and gives 500. */
interface ServicesRequest {
  readonly autorisationId: number;
  readonly comptage: boolean;
  readonly etatCode: readonly string[] | undefined;
  readonly serviceType: string | undefined;
  readonly page: number | undefined;
}

const states = ['DEMANDE', 'ACTIF', 'TERMINE', 'SUPPRIME'];
const known = ['autorisationId', 'comptage', 'etatCode', 'serviceType', 'page', 'pointId', 'soutirage', 'injection'];

function isState(value: unknown): value is string {
  return typeof value === 'string' && states.includes(value);
}

/** The request in a body of JSON; nothing where it is outside of what the interface describes. */
function readRequest(body: string): ServicesRequest | undefined {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined;
  const members = new Map<string, unknown>(Object.entries(document));
  if ([...members.keys()].some((name) => !known.includes(name))) return undefined;
  const autorisationId = members.get('autorisationId');
  const comptage = members.get('comptage') ?? false;
  const etatCode = members.get('etatCode');
  const serviceType = members.get('serviceType');
  const page = members.get('page');
  if (!Number.isSafeInteger(autorisationId) || typeof comptage !== 'boolean') return undefined;
  if (etatCode !== undefined && !(Array.isArray(etatCode) && etatCode.every(isState))) return undefined;
  if (serviceType !== undefined && typeof serviceType !== 'string') return undefined;
  if (page !== undefined && !Number.isSafeInteger(page)) return undefined;
  return {
    autorisationId: autorisationId as number,
    comptage,
    etatCode,
    serviceType,
    page: page as number | undefined,
  };
}

function stateOf(parts: EnedisParts, share: Share): { etatCode: string; etatLibelle: string } {
  if (share.deleted) return { etatCode: 'SUPPRIME', etatLibelle: 'Supprimé' };
  if (!parts.shares.isLiving(share)) return { etatCode: 'TERMINE', etatLibelle: 'Terminé' };
  return { etatCode: 'ACTIF', etatLibelle: 'Actif' };
}

/** The services on one usage point: access to each kind of measurement, the collection of the curve or its refusal. */
function servicesOf(parts: EnedisParts, share: Share, point: UsagePoint, first: number): ServiceDocument[] {
  const { autorisationId, from, until } = share;
  const libelle = 'Accès aux données (simulation)';
  const service = (serviceCode: string, mesuresTypeCode: string, mesuresPas?: string): Omit<ServiceDocument, 'id'> => ({
    pointId: point.id,
    serviceCode,
    ...stateOf(parts, share),
    dateDebut: from,
    dateFin: until,
    soutirage: point.consumption,
    injection: point.production > 0,
    mesuresTypeCode,
    ...(mesuresPas !== undefined && { mesuresPas }),
    mesuresCorrigees: false,
    sirenBeneficiaire: '000000000',
    autorisation: { autorisationId, autorisationLibelle: libelle, autorisationType: 'EXPLICITE' },
  });
  const hasCurve = point.curve === 'on';
  const services = [
    service('ACCES', 'ENERGIE', 'P1D'),
    ...(hasCurve ? [service('ACCES', 'CDC', 'PT30M')] : []),
    service('ACCES', 'IDX'),
    service('ACCES', 'PMAX', 'P1D'),
    service('ACCES', 'ITC'),
    ...(hasCurve ? [service('CCDC', 'CDC', 'PT30M')] : []),
    ...(point.curve === 'objected' ? [service('OPPENR', 'CDC')] : []),
  ];
  return services.map((document, index) => ({ id: String(autorisationId * 100 + first + index), ...document }));
}

function found(parts: EnedisParts, request: ServicesRequest, clientId: string): readonly ServiceDocument[] {
  const share = parts.shares.byAutorisation(clientId, request.autorisationId);
  if (!share) return [];
  if (share.emptyAnswers > 0) {
    share.emptyAnswers--;
    return [];
  }
  const all = share.usagePoints.flatMap((point, index) => servicesOf(parts, share, point, index * 10));
  const { etatCode, serviceType } = request;
  const wanted = all.filter(
    (service) =>
      (etatCode?.includes(service.etatCode) ?? true) &&
      (serviceType === undefined || serviceType === service.serviceCode),
  );
  return parts.switches.editServices?.(wanted) ?? wanted;
}

/** Answers `POST /subscribed_services/v1` (spec/device-flow 4.10.2). */
export function subscribedServices(
  parts: EnedisParts,
  { headers, body, parameters }: EnedisRequest,
  token: AccessToken,
): Reply {
  const isJson = headers['content-type']?.startsWith('application/json') ?? false;
  const request = isJson && parameters.size === 0 ? readRequest(body) : undefined;
  if (!request) return json(500, { code: 'STM-ERR-0000001', message: 'Erreur technique.' });
  if (request.autorisationId <= 0) return json(400, { code: 'STM-ERR-0000008', message: 'Identifiant non valide.' });
  const services = found(parts, request, token.clientId);
  // Where there is none, the list is null and not empty.
  if (request.comptage || services.length === 0) {
    return json(200, { nbTotalServices: services.length, serviceSouscrit: null });
  }
  const { servicesPageSize: size, servicesFirstPage: firstPage } = parts.switches;
  const start = Math.max(0, (request.page ?? firstPage) - firstPage) * size;
  return json(200, { nbTotalServices: services.length, serviceSouscrit: services.slice(start, start + size) });
}
