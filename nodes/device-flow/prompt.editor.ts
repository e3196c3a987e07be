import type { Texts } from '../shared/editor/catalog.js';
import { element } from '../shared/editor/dom.js';
import type { FlowReply, PromptReply } from './replies.editor.js';

interface Shown {
  readonly link: string;
  readonly notification: EditorNotification;
}

/** What is shown, by node; a person who closed a notification is not bothered with the same code again. */
const shown = new Map<string, Shown>();
let isDialogOpen = false;

/** A link that opens beside the editor. Only web addresses: the server made it. */
function linkTo(url: string, text: string): JQuery {
  if (!/^https?:\/\//i.test(url)) return element('span', '', text);
  const link = element('a', '', text).attr({ href: url, target: '_blank', rel: 'noopener noreferrer' });
  return link.css({ color: 'inherit', 'text-decoration': 'underline' });
}

function timeOf(time: number): string {
  return new Intl.DateTimeFormat(RED.i18n.lang(), { timeStyle: 'short' }).format(time);
}

function promptParts(texts: Texts, prompt: PromptReply): JQuery {
  const { userCode, verificationUri, verificationUriComplete, expiresAt, attempt, attempts } = prompt;
  const code = element('strong', '', userCode).css({ 'font-size': '1.6em', 'letter-spacing': '0.08em' });
  return element('div').append(
    element('div').append(linkTo(verificationUriComplete, texts('prompt.open')).addClass('device-flow-link')),
    element('div', '', texts('prompt.byHand')).append(' ', linkTo(verificationUri, verificationUri)),
    element('div').append(code),
    element('div', '', texts('prompt.until', { time: timeOf(expiresAt), attempt, attempts })),
  );
}

/** Shows code and link until somebody closes it or the dance is over. */
export function showPrompt(texts: Texts, id: string, name: string, prompt: PromptReply): void {
  const link = prompt.verificationUriComplete;
  if (shown.get(id)?.link === link) return;
  hidePrompt(id);
  // Nodes that share an account share its code.
  if ([...shown.values()].some((each) => each.link === link)) return;
  const content = element('div', 'device-flow-prompt').append(
    element('p').append(element('b', '', texts('prompt.title', { name }))),
    promptParts(texts, prompt),
  );
  const close = { text: texts('prompt.close'), click: () => notification.close() };
  const notification = RED.notify(content, { fixed: true, id: `device-flow-${id}`, buttons: [close] });
  shown.set(id, { link, notification });
  if (isDialogOpen) notification.hideNotification();
}

/** The dance of a node is over. */
export function hidePrompt(id: string): void {
  shown.get(id)?.notification.close();
  shown.delete(id);
}

/** Moves the notifications out of the way of a dialog, which has its buttons where they are, and back. */
export function makeWay(isOpen: boolean): void {
  isDialogOpen = isOpen;
  for (const { notification } of shown.values()) {
    if (isOpen) notification.hideNotification();
    else notification.showNotification();
  }
}

/** Nothing is shown any more. */
export function hideAllPrompts(): void {
  for (const id of [...shown.keys()]) hidePrompt(id);
}

/** Shows in a panel where a dance stands: code, link and QR code while it waits. */
export function showStateIn(texts: Texts, panel: JQuery, reply: FlowReply): void {
  panel.empty();
  const { deployed, prompt, problem, state, phase } = reply;
  if (!deployed) {
    panel.text(texts('state.notDeployed'));
    return;
  }
  if (prompt) {
    const qr = $(document.createElement('img')).attr({
      src: prompt.qr,
      alt: texts('prompt.qr'),
      width: 180,
      height: 180,
    });
    // Readers need its light edge in the dark theme too.
    qr.css({ display: 'block', 'margin-top': '8px', background: '#fff' });
    panel.append(promptParts(texts, prompt), qr);
    return;
  }
  if (problem) {
    panel.append(element('div', 'energy-nodes-problem', problem.message));
    if (problem.action) panel.append(element('div', 'energy-nodes-hint', problem.action));
  } else panel.text(texts(phase === 'requesting' ? 'state.requesting' : `state.${state ?? 'unlinked'}`));
}
