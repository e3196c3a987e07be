import type { Texts } from '../shared/editor/catalog.js';
import { element } from '../shared/editor/dom.js';
import { stepList } from '../shared/editor/steps.js';
import type { CertificateFacts, Facts, GatewayFacts, StateReply, TestReply, TokenFacts } from './replies.editor.js';

/** What to do when the certificate that the gateway showed is accepted; receives its fingerprint. */
export type Accept = (fingerprint: string) => void;

const dayLength = 24 * 60 * 60 * 1000;

function gatewayText(texts: Texts, gateway: GatewayFacts): string {
  const parts = [
    texts('state.serial', { serial: gateway.serial }),
    texts('state.firmware', { firmware: gateway.firmware }),
  ];
  if (gateway.partNumber) parts.push(gateway.partNumber);
  parts.push(texts(gateway.metered ? 'state.metered' : 'state.standard'));
  return parts.join(' · ');
}

/** When the token ends, and how long that is from `now`; in hours in its last two days. */
function expiryText(texts: Texts, expiresAt: number, now: number): string {
  const date = new Intl.DateTimeFormat(RED.i18n.lang(), { dateStyle: 'medium', timeStyle: 'short' }).format(expiresAt);
  const left = expiresAt - now;
  if (left <= 0) return texts('state.expired', { date });
  if (left < 2 * dayLength) return texts('state.expiresInHours', { date, hours: Math.ceil(left / (dayLength / 24)) });
  return texts('state.expiresInDays', { date, days: Math.floor(left / dayLength) });
}

function tokenText(texts: Texts, token: TokenFacts): string {
  const parts: string[] = [];
  if (token.role) parts.push(texts('state.role', { role: token.role }));
  if (token.expiresAt !== undefined) parts.push(expiryText(texts, token.expiresAt, Date.now()));
  return parts.join(' · ');
}

function certificateDetails(texts: Texts, certificate: CertificateFacts, accept: Accept): JQuery {
  const details = element('dd').append(element('code', '', certificate.fingerprint));
  if (certificate.matches) return details;
  const warning = element('div', 'energy-nodes-problem', texts('state.certificateChanged'));
  if (certificate.pinned) {
    warning.append(
      element('div', '', texts('state.certificateKnown')).append(' ', element('code', '', certificate.pinned)),
    );
  }
  const button = element('button', 'red-ui-button', texts('state.acceptCertificate'));
  button.attr({ type: 'button', id: 'envoy-gateway-accept-certificate' });
  button.on('click', () => {
    accept(certificate.fingerprint);
    button.replaceWith(element('span', 'energy-nodes-hint', texts('state.certificateAccepted')));
  });
  return details.append(warning, button);
}

function factsList(texts: Texts, facts: Facts, accept: Accept): JQuery {
  const list = element('dl', 'energy-nodes-facts');
  const { gateway, token, certificate } = facts;
  if (gateway) {
    list.append(element('dt', '', texts('state.gateway')), element('dd', '', gatewayText(texts, gateway)));
    const access = texts(`state.authentication.${gateway.authentication}`);
    list.append(element('dt', '', texts('state.access')), element('dd', '', access));
  }
  if (token) list.append(element('dt', '', texts('state.token')), element('dd', '', tokenText(texts, token)));
  if (certificate) {
    list.append(element('dt', '', texts('state.certificate')), certificateDetails(texts, certificate, accept));
  }
  return list;
}

/** Shows what the deployed node knows. */
export function showState(texts: Texts, panel: JQuery, state: StateReply, accept: Accept): void {
  panel.empty();
  if (!state.deployed) {
    panel.text(texts('state.notDeployed'));
    return;
  }
  if (state.problem) {
    const problem = element('div', 'energy-nodes-problem').append(element('div', '', state.problem.message));
    if (state.problem.action) problem.append(element('div', 'energy-nodes-hint', state.problem.action));
    panel.append(problem);
  }
  if (state.gateway || state.token || state.certificate) panel.append(factsList(texts, state, accept));
  else if (!state.problem) panel.text(texts('state.unknown'));
}

/** Shows the outcome of a test, step by step. */
export function showTest(texts: Texts, panel: JQuery, reply: TestReply, accept: Accept): void {
  panel.empty().append(stepList(texts, reply.steps), factsList(texts, reply, accept));
}

/** Shows why there is no outcome. */
export function showFailure(panel: JQuery, message: string): void {
  panel.empty().append(element('div', 'energy-nodes-problem', message));
}
