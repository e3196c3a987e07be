import type { Texts } from '../shared/editor/catalog.js';
import { element } from '../shared/editor/dom.js';
import { failureReason } from '../shared/editor/failure.js';

/** Reply of `GET enedis-account/state/<id>`: what the deployed node knows; usage points come masked. */
interface AccountReply {
  readonly deployed: boolean;
  readonly state?: 'unlinked' | 'linked' | 'consent_needed';
  readonly usagePoints?: readonly string[];
  readonly scope?: string;
  /** ms since the epoch. */
  readonly accessExpiresAt?: number;
  /** ms since the epoch. */
  readonly consentUntil?: number;
  readonly dance?: 'idle' | 'requesting' | 'waiting';
  readonly problem?: { readonly code: string; readonly message: string; readonly action?: string };
  /** Of a reply to *forget*: whether the server was told. */
  readonly revoked?: boolean;
}

let running: JQuery.jqXHR<AccountReply> | undefined;

function moment(time: number): string {
  return new Intl.DateTimeFormat(RED.i18n.lang(), { dateStyle: 'medium', timeStyle: 'short' }).format(time);
}

function until(texts: Texts, time: number): string {
  return texts(time > Date.now() ? 'state.until' : 'state.ended', { date: moment(time) });
}

function factsList(texts: Texts, reply: AccountReply): JQuery {
  const list = element('dl', 'energy-nodes-facts');
  const add = (key: string, text: string) => list.append(element('dt', '', texts(key)), element('dd', '', text));
  const { usagePoints = [], consentUntil, accessExpiresAt, scope } = reply;
  if (usagePoints.length > 0) add('state.usagePoints', usagePoints.join(', '));
  if (consentUntil !== undefined) add('state.consent', until(texts, consentUntil));
  if (accessExpiresAt !== undefined) add('state.access', until(texts, accessExpiresAt));
  if (scope !== undefined) add('state.scope', scope);
  return list;
}

function show(texts: Texts, reply: AccountReply): void {
  const panel = $('#enedis-account-state').empty();
  const { deployed, state, problem, dance, revoked } = reply;
  $('#enedis-account-forget').prop('disabled', state === undefined || state === 'unlinked');
  if (!deployed) {
    panel.text(texts('state.notDeployed'));
    return;
  }
  if (revoked !== undefined) {
    panel.append(element('div', '', texts(revoked ? 'forget.revoked' : 'forget.kept')));
    return;
  }
  if (problem) {
    const shown = element('div', 'energy-nodes-problem').append(element('div', '', problem.message));
    if (problem.action) shown.append(element('div', 'energy-nodes-hint', problem.action));
    panel.append(shown);
  }
  if (state !== undefined) panel.append(element('div', '', texts(`state.${state}`)), factsList(texts, reply));
  if (dance === 'waiting') panel.append(element('div', '', texts('state.waiting')));
}

function follow(texts: Texts, asked: JQuery.jqXHR<AccountReply>, onFailure: (reason: string) => void): void {
  running = asked;
  void asked
    .done((reply) => {
      if (running === asked) show(texts, reply);
    })
    .fail((reply) => {
      if (running !== asked) return;
      onFailure(failureReason(reply) ?? texts('forget.noAnswer', { status: reply.status }));
    });
}

function forget(texts: Texts, path: string): void {
  $('#enedis-account-forget').prop('disabled', true);
  const asked = $.ajax({ url: `enedis-account/forget/${path}`, method: 'POST', dataType: 'json' });
  follow(texts, asked as JQuery.jqXHR<AccountReply>, (reason) => {
    $('#enedis-account-state')
      .empty()
      .append(element('div', 'energy-nodes-problem', reason));
  });
}

/** Nobody forgets by a slip of the hand: a second button does it. */
function ask(texts: Texts, path: string): void {
  const button = element('button', 'red-ui-button', texts('forget.yes'));
  button.attr({ type: 'button', id: 'enedis-account-forget-yes' }).on('click', () => forget(texts, path));
  $('#enedis-account-state')
    .empty()
    .append(element('div', '', texts('forget.sure')), button);
}

/** Shows the state of the deployed account, and lets the *Forget* button have it forget its tokens. */
export function preparePanel(texts: Texts, id: string): void {
  const path = encodeURIComponent(id);
  // The panel is left empty where the runtime gives no answer: the dialog works without it.
  const state = $.ajax({ url: `enedis-account/state/${path}`, dataType: 'json', cache: false });
  follow(texts, state as JQuery.jqXHR<AccountReply>, () => undefined);
  $('#enedis-account-forget').on('click', () => ask(texts, path));
}

/** Ends what is running. */
export function closePanel(): void {
  const asked = running;
  running = undefined;
  asked?.abort();
}
