import { addDays, parisDay, parisInstants } from '../../linky/paris.js';
import { lastDigits } from '../../linky/usage-point.js';
import { sameSecret } from '../codes.js';
import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import { consentId, hashed } from '../ids.js';
import { attach, isLive, type NewConsent } from '../records/consents.js';
import { approve } from '../records/grants.js';
import type { Approval } from '../records/types.js';
import { keepUsagePoints, places } from '../sealed.js';
import type { SubscribedService } from '../upstream/upstream.js';
import { problem, type Outcome } from './outcome.js';
import { newCorrelation } from './report.js';
import { awaitServices, beganRecently } from './services.js';
import { failForGood, failOpen, report, type Visit } from './visit.js';

const done: Outcome = { state: 'done', completion: { kind: 'done' } };

/** Approves the grant; of several consents for one grant the first counts. */
export async function settle(
  context: ProxyContext,
  visit: Visit,
  approval: Omit<Approval, 'at'>,
  usagePoints: readonly string[],
  expiresAt?: number,
): Promise<Outcome> {
  const answer = await context.records.deviceGrants.change(visit.grantId, (grant) =>
    approve(grant, approval, context.now()),
  );
  if (answer === 'too_late') {
    const correlation = newCorrelation();
    await report(context, visit, { name: 'failed', reason: 'too_late', correlation });
    return { state: 'failed', completion: problem(400, 'too_late', { correlation }) };
  }
  if (answer === 'approved') {
    const masked = usagePoints.map(lastDigits);
    const end = expiresAt === undefined ? {} : { expiresAt };
    await report(context, visit, { name: 'consented', usagePoints: masked, ...end }, approval.consents[0]);
  }
  return done;
}

async function approveUsagePoints(
  context: ProxyContext,
  visit: Visit,
  usagePoints: readonly string[],
  consents: readonly string[],
  expiresAt?: number,
): Promise<Outcome> {
  const kept = await keepUsagePoints(context.secrets, usagePoints, places.grantUsagePoints(visit.grantId));
  return settle(context, visit, { usagePoints: kept, consents }, usagePoints, expiresAt);
}

/** The last moment of a day in Europe/Paris, ms since the epoch; `undefined` for the far end of the calendar. */
function endOfDay(day: string): number | undefined {
  return day < '9000' ? parisInstants(`${addDays(day, 1)} 00:00:00`)[0] : undefined;
}

/** When Enedis began with the newest of the services; `undefined` where it does not say so. */
function beginOf(services: readonly SubscribedService[]): number | undefined {
  const newest = services
    .flatMap(({ from }) => from ?? [])
    .toSorted()
    .at(-1);
  return newest === undefined ? undefined : parisInstants(`${newest} 00:00:00`)[0];
}

/** When the consent of a usage point ends: with the last of its services. */
function endOf(services: readonly SubscribedService[]): number | undefined {
  const ends = services.map(({ until }) => (until === undefined ? undefined : endOfDay(until)));
  return ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
}

/** The services of each usage point. */
function byUsagePoint(services: readonly SubscribedService[]): Map<string, SubscribedService[]> {
  const groups = new Map<string, SubscribedService[]>();
  for (const service of services) {
    groups.set(service.usagePoint, [...(groups.get(service.usagePoint) ?? []), service]);
  }
  return groups;
}

/**
 * Whether a service may come from the consent that this browser just gave (spec/device-flow D1b (3)): it began in these
 * days; where Enedis does not say when, it is unknown so far. What this browser brought before was looked at then.
 */
async function isFresh(context: ProxyContext, visit: Visit, service: SubscribedService): Promise<boolean> {
  const { settings, records, secrets, now } = context;
  const days = settings.consentFreshness;
  if (days === undefined || beganRecently(service, parisDay(now()), days)) return true;
  const earlier = await records.consents.get(consentId(secrets, service.autorisationId, service.usagePoint));
  const { browserHash } = earlier ?? {};
  if (isLive(earlier, now()) && browserHash !== undefined && sameSecret(browserHash, visit.browserHash)) return true;
  if (service.from !== undefined) return false;
  return (await records.consents.find('service', hashed(secrets, 'service', service.id), 1)).length === 0;
}

async function freshServices(
  context: ProxyContext,
  visit: Visit,
  services: readonly SubscribedService[],
): Promise<SubscribedService[]> {
  const fresh = await Promise.all(services.map((service) => isFresh(context, visit, service)));
  return services.filter((_, index) => fresh[index]);
}

interface Attachment {
  readonly id: string;
  readonly answer: 'attached' | 'taken';
  readonly expiresAt?: number;
}

async function attachServices(
  { records, secrets, now }: ProxyContext,
  visit: Visit,
  usagePoint: string,
  autorisationId: string,
  services: readonly SubscribedService[],
): Promise<Attachment> {
  const id = consentId(secrets, autorisationId, usagePoint);
  const expiresAt = endOf(services);
  const begunAt = beginOf(services);
  const given: NewConsent = {
    usagePointHash: hashed(secrets, 'usage_point', usagePoint),
    autorisationHash: hashed(secrets, 'autorisation', autorisationId),
    services: services.map((service) => hashed(secrets, 'service', service.id)),
    source: 'v2',
    browserHash: visit.browserHash,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(begunAt !== undefined && { begunAt }),
  };
  const answer = await records.consents.change(id, (consent) => attach(consent, given, now()));
  return { id, answer, ...(expiresAt !== undefined && { expiresAt }) };
}

async function useServices(
  context: ProxyContext,
  visit: Visit,
  autorisationId: string,
  services: readonly SubscribedService[],
): Promise<Outcome> {
  const fresh = await freshServices(context, visit, services);
  if (fresh.length === 0) return failForGood(context, visit, 403, 'consent_not_fresh');
  const groups = byUsagePoint(fresh);
  if (groups.size > 1 && !context.settings.severalUsagePoints) {
    return failForGood(context, visit, 403, 'consent_ambiguous');
  }
  const attached: Attachment[] = [];
  for (const [usagePoint, group] of groups) {
    const attachment = await attachServices(context, visit, usagePoint, autorisationId, group);
    if (attachment.answer === 'taken') {
      return failForGood(context, visit, 403, 'consent_taken', { consent: attachment.id });
    }
    attached.push(attachment);
  }
  const ends = attached.flatMap(({ expiresAt }) => expiresAt ?? []);
  const ids = attached.map(({ id }) => id);
  const usagePoints = [...groups.keys()];
  return approveUsagePoints(context, visit, usagePoints, ids, ends.length > 0 ? Math.min(...ends) : undefined);
}

/** A refusal of the services interface: what Enedis refuses stays so for now, what it does not answer may come later. */
function servicesFailed(context: ProxyContext, visit: Visit, error: ProxyError): Promise<Outcome> {
  const { status } = error;
  const reason = `services_${error.error}`;
  if (error.error !== 'upstream_misconfigured' && (status === 429 || status >= 500)) {
    return failOpen(context, visit, 503, 'upstream_unavailable', { reason, retryAfter: 30 });
  }
  return failOpen(context, visit, 502, 'upstream_refused', { reason });
}

/** Turns the authorisation that Data Connect 2026 names into usage points (spec/device-flow 4.10.2, D1b). */
export async function completeAutorisation(
  context: ProxyContext,
  visit: Visit,
  autorisationId: string,
): Promise<Outcome> {
  let services: readonly SubscribedService[];
  try {
    services = await awaitServices(context.upstream, autorisationId);
  } catch (error) {
    if (error instanceof ProxyError) return servicesFailed(context, visit, error);
    throw error;
  }
  if (services.length > 0) return useServices(context, visit, autorisationId, services);
  await report(context, visit, { name: 'failed', reason: 'consent_not_there_yet' });
  return { state: 'open', completion: { kind: 'wait' } };
}

/** Believes the usage points of a callback of v1; only where the operator switched that on (spec/device-flow D1). */
export async function completeUsagePoints(
  context: ProxyContext,
  visit: Visit,
  usagePoints: readonly string[],
): Promise<Outcome> {
  const { records, secrets, now } = context;
  const consents = usagePoints.map((usagePoint) => consentId(secrets, 'v1', usagePoint));
  for (const [index, usagePoint] of usagePoints.entries()) {
    const given: NewConsent = {
      usagePointHash: hashed(secrets, 'usage_point', usagePoint),
      services: [],
      source: 'v1',
      browserHash: visit.browserHash,
    };
    await records.consents.change(consents[index] ?? '', (consent) => attach(consent, given, now()));
  }
  return approveUsagePoints(context, visit, usagePoints, consents);
}
