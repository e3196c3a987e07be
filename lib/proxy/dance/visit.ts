import type { ProxyContext } from '../context.js';
import { shortened } from '../ids.js';
import type { ProxyEvent } from '../events.js';
import { deny } from '../records/grants.js';
import type { DenyReason } from '../records/types.js';
import { problem, type Outcome } from './outcome.js';
import { newCorrelation, writeAudit } from './report.js';

/** A callback that has the lease of its state. */
export interface Visit {
  /** Id of the grant. */
  readonly grantId: string;
  readonly clientId: string;
  readonly browserHash: string;
  /** Hash of the address. */
  readonly requester: string;
}

/** Tells of an event of a dance, to the event sink and in the operator's log. */
export async function report(
  context: ProxyContext,
  { grantId, clientId, requester }: Visit,
  event: Omit<ProxyEvent, 'at' | 'clientId' | 'dance'>,
  consent?: string,
): Promise<void> {
  context.events({ ...event, at: context.now(), clientId, dance: shortened(grantId) });
  await writeAudit(context, {
    name: event.name,
    grant: grantId,
    addressHash: requester,
    ...(consent !== undefined && { consent }),
    ...(event.reason !== undefined && { detail: event.reason }),
  });
}

/** A failure that leaves the grant as it is, so that a reload of the page may mend it. */
export async function failOpen(
  context: ProxyContext,
  visit: Visit,
  status: number,
  code: string,
  { reason = code, retryAfter }: { readonly reason?: string; readonly retryAfter?: number } = {},
): Promise<Outcome> {
  const correlation = newCorrelation();
  await report(context, visit, { name: 'failed', reason, correlation });
  const wait = retryAfter === undefined ? {} : { retryAfter };
  return { state: 'open', completion: problem(status, code, { correlation, ...wait }) };
}

/** A failure that ends the dance: the device is told at its next poll. */
export async function failForGood(
  context: ProxyContext,
  visit: Visit,
  status: number,
  code: Exclude<DenyReason, 'refused_by_user' | 'upstream_error'>,
  more: { readonly reason?: string; readonly consent?: string } = {},
): Promise<Outcome> {
  await context.records.deviceGrants.change(visit.grantId, (grant) => deny(grant, code, context.now()));
  const correlation = newCorrelation();
  await report(context, visit, { name: 'failed', reason: more.reason ?? code, correlation }, more.consent);
  return { state: 'failed', completion: problem(status, code, { correlation }) };
}
