import { json } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { Customer, UsagePoint } from '../model/customers.js';
import { findUsagePoint } from '../parts.js';
import type { EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';
import type { AccessToken } from '../tokens.js';
import { currentRefusal, technicalError } from './current.js';
import type { LegacyDocument } from './contracts.js';
import { legacyRefusal } from './legacy.js';
import { readablePoint } from './rules.js';
import type { Refusal } from './rules.js';

type Found = { readonly point: UsagePoint; readonly customer: Customer };

function readable(parts: EnedisParts, usagePoint: string, clientId: string): Found | Refusal {
  const point = readablePoint(parts, usagePoint, clientId);
  if ('status' in point) return point;
  const found = findUsagePoint(parts, usagePoint);
  return found ?? { status: 404, code: 'STM-ERR-0000019', message: 'No usage point was found.' };
}

/** Answers a customer path of v5. */
export function legacyDocument(
  parts: EnedisParts,
  { parameters }: EnedisRequest,
  { clientId }: AccessToken,
  document: LegacyDocument,
): Reply {
  const usagePoint = parameters.get('usage_point_id') ?? '';
  if (!/^\d{14}$/.test(usagePoint)) {
    const message = 'The usage point must have 14 digits.';
    return legacyRefusal({ status: 400, code: 'Invalid_request', message });
  }
  const found = readable(parts, usagePoint, clientId);
  return 'status' in found ? legacyRefusal(found) : json(200, document(found.point, found.customer));
}

/** Answers an interface of 2026 with the usage point in its path; as a parameter it gives 500 (spec/device-flow 4.10.3). */
export function currentDocument(
  parts: EnedisParts,
  { path, parameters, headers }: EnedisRequest,
  { clientId }: AccessToken,
  document: LegacyDocument,
): Reply {
  const usagePoint = /^\/\w+\/v1\/(\d{14})$/.exec(path)?.[1];
  if (usagePoint === undefined || parameters.size > 0 || headers['content-type'] !== undefined) return technicalError();
  const found = readable(parts, usagePoint, clientId);
  return 'status' in found ? currentRefusal(found) : json(200, document(found.point, found.customer));
}
