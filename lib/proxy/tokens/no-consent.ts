import { lastDigits } from '../../linky/usage-point.js';
import type { ProxyContext } from '../context.js';
import { writeAudit } from '../dance/report.js';
import { hashed, shortened } from '../ids.js';
import { noConsentSeen } from '../records/consents.js';
import type { Authorization } from './authorize.js';
import { endFamily } from './revoke.js';

/** The most families of one consent that are ended at once. */
const mostFamilies = 1000;

/** The consents of a token that are for one usage point. */
async function consentsFor({ records }: ProxyContext, consents: readonly string[], hash: string): Promise<string[]> {
  const kept = await Promise.all(consents.map(async (id) => ({ id, consent: await records.consents.get(id) })));
  return kept.filter(({ consent }) => consent?.usagePointHash === hash).map(({ id }) => id);
}

async function endConsent(context: ProxyContext, id: string, usagePoint: string): Promise<void> {
  const { records, events, now } = context;
  events({
    name: 'revoked',
    at: now(),
    dance: shortened(id),
    usagePoints: [lastDigits(usagePoint)],
    reason: 'consent_ended',
  });
  await writeAudit(context, { name: 'consent_ended', consent: id });
  const families = await records.tokenFamilies.find('consent', id, mostFamilies);
  await Promise.all(families.map((family) => endFamily(context, family.id, 'consent_ended')));
}

/**
 * Enedis answered that there is no consent for a usage point. The second time in 24 hours the consent has ended, and
 * with it every token that follows from it (spec/device-flow D31).
 * @throws EnergyError `storage_failed`
 */
export async function noteNoConsent(
  context: ProxyContext,
  { family }: Authorization,
  usagePoint: string,
): Promise<void> {
  const { records, secrets, now } = context;
  if (!family) return;
  const hash = hashed(secrets, 'usage_point', usagePoint);
  for (const id of await consentsFor(context, family.consents, hash)) {
    const { revoked } = await records.consents.change(id, (consent) => noConsentSeen(consent, now()));
    if (revoked) await endConsent(context, id, usagePoint);
  }
}
