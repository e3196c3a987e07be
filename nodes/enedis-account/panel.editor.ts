import type { Texts } from '../shared/editor/catalog.js';
import { element } from '../shared/editor/dom.js';
import { failureReason } from '../shared/editor/failure.js';
import { stepList } from '../shared/editor/steps.js';
import { requestForget, requestState, requestTest, type AccountReply, type Asked } from './replies.editor.js';
import type { TestRequest } from './replies.editor.js';

/** What the panel works on. */
interface PanelParts {
  readonly texts: Texts;
  readonly id: string;
  /** The fields of the dialog; undefined where one is wrong, which has the focus then. */
  readonly request: () => TestRequest | undefined;
}

let running: Asked | undefined;

function panel(): JQuery {
  return $('#enedis-account-state');
}

function button(name: 'test' | 'forget'): JQuery {
  return $(`#enedis-account-${name}`);
}

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
  return list.children().length > 0 ? list : $();
}

function problemBox({ message, action }: { readonly message: string; readonly action?: string }): JQuery {
  const shown = element('div', 'energy-nodes-problem').append(element('div', '', message));
  return action ? shown.append(element('div', 'energy-nodes-hint', action)) : shown;
}

function showState(texts: Texts, reply: AccountReply): void {
  const { problem, state, dance } = reply;
  if (problem) panel().append(problemBox(problem));
  if (state !== undefined) panel().append(element('div', '', texts(`state.${state}`)), factsList(texts, reply));
  if (dance === 'waiting') panel().append(element('div', '', texts('state.waiting')));
}

function show(texts: Texts, reply: AccountReply): void {
  const { deployed, state, steps, revoked } = reply;
  panel().empty();
  if (steps === undefined || state !== undefined) {
    button('forget').prop('disabled', state === undefined || state === 'unlinked');
  }
  if (steps) panel().append(stepList(texts, steps), factsList(texts, reply));
  else if (deployed !== true) panel().text(texts('state.notDeployed'));
  else if (revoked !== undefined) panel().text(texts(revoked ? 'forget.revoked' : 'forget.kept'));
  else showState(texts, reply);
}

function follow({ texts }: PanelParts, asked: Asked, onFailure: (reply: Asked) => void): void {
  running?.abort();
  running = asked;
  void asked
    .done((reply) => {
      if (running === asked) show(texts, reply);
    })
    .fail(() => {
      if (running === asked) onFailure(asked);
    })
    .always(() => {
      if (running === asked) running = undefined;
    });
}

function failing({ texts }: PanelParts, key: 'test.noAnswer' | 'forget.noAnswer'): (reply: Asked) => void {
  return (reply) => {
    const message = failureReason(reply) ?? texts(key, { status: reply.status });
    panel().empty().append(problemBox({ message }));
  };
}

/** The buttons stay as they are while this runs: one that is switched off loses the focus. */
function test(parts: PanelParts): void {
  const request = parts.request();
  if (!request) return;
  panel().text(parts.texts('test.running'));
  follow(parts, requestTest(request), failing(parts, 'test.noAnswer'));
}

function forget(parts: PanelParts): void {
  panel().text(parts.texts('forget.running'));
  button('test').trigger('focus');
  follow(parts, requestForget(parts.id), failing(parts, 'forget.noAnswer'));
}

function loadState(parts: PanelParts): void {
  // The panel is left empty where the runtime gives no answer: the dialog works without it.
  follow(parts, requestState(parts.id), () => undefined);
}

function choice(id: string, text: string, onClick: () => void): JQuery {
  return element('button', 'red-ui-button', text).attr({ type: 'button', id }).on('click', onClick);
}

/** Nobody forgets by a slip of the hand: it says what would happen, and a second button does it. */
function ask(parts: PanelParts): void {
  const { texts } = parts;
  const yes = choice('enedis-account-forget-yes', texts('forget.yes'), () => forget(parts));
  const no = choice('enedis-account-forget-no', texts('forget.no'), () => {
    button('forget').trigger('focus');
    loadState(parts);
  });
  const choices = element('div', 'enedis-account-choices').css('margin', '6px 0 2px').append(yes, ' ', no);
  panel()
    .empty()
    .append(element('div', '', texts('forget.sure')), choices);
  no.trigger('focus');
}

/** Shows the state of the deployed account; *Test* tries what is in the dialog, *Forget* has the tokens forgotten. */
export function preparePanel(texts: Texts, id: string, request: PanelParts['request']): void {
  const parts: PanelParts = { texts, id, request };
  loadState(parts);
  button('test').on('click', () => test(parts));
  button('forget').on('click', () => ask(parts));
}

/** Ends what is running. */
export function closePanel(): void {
  const asked = running;
  running = undefined;
  asked?.abort();
}
