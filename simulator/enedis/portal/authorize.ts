import { today } from '../parts.js';
import type { Application, EnedisParts } from '../parts.js';
import type { Customer, UsagePoint } from '../model/customers.js';
import type { Generation } from '../shares.js';
import { endOfConsent } from './duration.js';

/** What the consent page was called with, checked. */
export interface AuthorizeRequest {
  readonly generation: Generation;
  readonly application: Application;
  readonly redirectUrl: string;
  readonly state: string | undefined;
  readonly duration: string;
  /** The first day after the consent. */
  readonly until: string;
}

/** Why the consent page shows an error instead. */
export interface PageError {
  readonly status: number;
  readonly code: string;
}

/** What a customer decided on the page. */
export type Decision =
  | { readonly kind: 'consent'; readonly customer: Customer; readonly usagePoints: readonly UsagePoint[] }
  | { readonly kind: 'error'; readonly error: string; readonly description: string };

const expected = ['client_id', 'response_type', 'state', 'duration'];

/** Checks the parameters of the consent page (spec/device-flow 4.1). */
export function checkAuthorize(
  parts: EnedisParts,
  generation: Generation,
  parameters: URLSearchParams,
): AuthorizeRequest | PageError {
  const names = [...parameters.keys()];
  // A firewall in front of the page stops what it does not expect.
  if (names.some((name) => !expected.includes(name)) || new Set(names).size < names.length) {
    return { status: 404, code: 'not_found' };
  }
  const [clientId, responseType, duration] = ['client_id', 'response_type', 'duration'].map((name) =>
    parameters.get(name),
  );
  if (!clientId || !responseType || !duration) return { status: 400, code: 'missing_parameter' };
  const application = parts.applications.get(clientId);
  if (!application) return { status: 400, code: 'invalid_client' };
  if (responseType !== 'code') return { status: 400, code: 'unsupported_response_type' };
  const state = parameters.get('state') ?? undefined;
  if (state !== undefined && state.length > 100) return { status: 400, code: 'invalid_state' };
  const end = endOfConsent(duration, today(parts), generation);
  if ('refusal' in end) return { status: 400, code: end.refusal };
  const { redirectUrl } = application;
  if (redirectUrl === undefined) return { status: 500, code: 'no_redirect_url' };
  return { generation, application, redirectUrl, state, duration, until: end.until };
}

function callbackUrl(
  { redirectUrl }: AuthorizeRequest,
  parent: boolean,
  parameters: Record<string, string | undefined>,
): string {
  const url = new URL(redirectUrl);
  if (parent) url.pathname += '_parent';
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

/**
 * Carries out what a customer decided and gives the address that the browser is sent to.
 * A usage point that is shared already ends in an error page without callback (spec/device-flow 4.1).
 */
export function decide(parts: EnedisParts, request: AuthorizeRequest, decision: Decision): string | PageError {
  const { generation, application, state, until } = request;
  const { switches, shares, tokens } = parts;
  const { clientId } = application;
  if (decision.kind === 'error') {
    const { error, description } = decision;
    return callbackUrl(request, switches.parentCallback, { error, error_description: description, state });
  }
  const { customer, usagePoints } = decision;
  const isShared = usagePoints.some(({ id }) => shares.living(clientId, id).length > 0);
  if (generation === 'v2' && isShared) return { status: 409, code: 'already_shared' };
  const share = shares.create(
    { clientId, customer, usagePoints, until },
    { emptyAnswers: switches.servicesEmptyFor, keepsStart: switches.reshareKeepsStart },
  );
  if (generation === 'v2') {
    return callbackUrl(request, switches.parentCallback, { autorisation_id: String(share.autorisationId), state });
  }
  const ids = usagePoints.map(({ id }) => id).join(';');
  const code = tokens.issueCode(clientId, ids);
  return callbackUrl(request, switches.parentCallback, { code, state, usage_point_id: ids });
}
