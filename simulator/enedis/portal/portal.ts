import { reply } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { EnedisParts } from '../parts.js';
import type { EnedisRequest } from '../requests.js';
import type { Generation } from '../shares.js';
import { checkAuthorize, decide } from './authorize.js';
import type { Decision, PageError } from './authorize.js';
import { consentPage, errorPage } from './pages.js';

/** What the page says of a refusal. */
export const refused: Decision = {
  kind: 'error',
  error: 'access_denied',
  description: 'The customer refused to share the data.',
};

/** What somebody chose in the form of the page. */
function decisionOf(parts: EnedisParts, body: string): Decision | PageError {
  const form = new URLSearchParams(body);
  if (form.get('decision') === 'refuse') return refused;
  const [customerId = '', usagePoint] = (form.get('holder') ?? '').split('/');
  const customer = parts.customers.get(customerId);
  if (!customer || form.get('decision') !== 'consent') return { status: 400, code: 'unknown_choice' };
  const usagePoints = customer.usagePoints.filter(({ id }) => usagePoint === undefined || usagePoint === id);
  if (usagePoints.length === 0) return { status: 400, code: 'unknown_choice' };
  return { kind: 'consent', customer, usagePoints };
}

/** The customer that the last digit of the state stands for, where the simulator has it so (spec/device-flow 4.3). */
function chosenBy({ customers, switches }: EnedisParts, state: string | undefined): string | undefined {
  const digit = /\d$/.exec(state ?? '')?.[0];
  return switches.sandboxDigits && digit !== undefined ? [...customers.keys()][Number(digit)] : undefined;
}

/** Answers the consent page `/dataconnect/v1|v2/oauth2/authorize`. */
export function portal(parts: EnedisParts, request: EnedisRequest, generation: Generation): Reply {
  const checked = checkAuthorize(parts, generation, request.parameters);
  if ('status' in checked) return errorPage(checked);
  if (request.method !== 'POST') return consentPage(checked, parts.customers.values(), chosenBy(parts, checked.state));
  const decision = decisionOf(parts, request.body);
  if ('status' in decision) return errorPage(decision);
  const outcome = decide(parts, checked, decision);
  if (typeof outcome !== 'string') return errorPage(outcome);
  return reply(303, '', undefined, {
    Location: outcome,
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
}
