import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { element } from '../shared/editor/dom.js';
import { failureReason } from '../shared/editor/failure.js';
import { configNodeProblem, isEnvironmentVariable, numberProblem, type Problem } from '../shared/editor/problems.js';
import { explainFields } from '../shared/editor/reasons.js';
import { validator } from '../shared/editor/validator.js';
import { hideAllPrompts, hidePrompt, makeWay, showPrompt, showStateIn } from './prompt.editor.js';
import { requestStart, requestState, type FlowReply } from './replies.editor.js';

const texts = catalog('device-flow');

const topics = 'device-flow/#';

/** Milliseconds until it is asked again how a request for a code went. */
const askAgain = 700;

/** The node whose dialog is open. */
let open: string | undefined;
let running: JQuery.jqXHR<FlowReply> | undefined;

function attemptsProblem(value: unknown): Problem<'invalid'> {
  const attempts = String(value).trim();
  if (isEnvironmentVariable(attempts)) return undefined;
  return /^\d+$/.test(attempts) ? numberProblem(attempts, { minimum: 1, maximum: 100 }) : 'invalid';
}

/** Checks that an account is chosen, and that nothing is wrong with it. */
export const validateAccount = validator(texts, 'account', configNodeProblem);

/** Checks the number of codes. */
export const validateAttempts = validator(texts, 'attempts', attemptsProblem);

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** What the node is called in the flow: its name, or else that of its account. */
export function label(node: EditorNode): string {
  const account = typeof node.account === 'string' ? RED.nodes.node(node.account) : undefined;
  return textOf(node.name) || textOf(account?.name) || texts('palette.name');
}

/** Why the runtime did not start a dance. */
function refusal(reply: JQuery.jqXHR<unknown>): string {
  const key = reply.status === 404 ? 'button.notDeployed' : 'button.noAnswer';
  return failureReason(reply) ?? texts(key, { status: reply.status });
}

/** The button of the node: starts the dance, or shows the one that is under way. */
export function press(node: EditorNode): void {
  if (node.changed === true) {
    RED.notify(texts('button.undeployed'), { type: 'warning' });
    return;
  }
  void requestStart(node.id)
    .done(() => {
      // Somebody who closed the notification wants to see the code again.
      hidePrompt(node.id);
      RED.notify(texts('button.started', { label: label(node) }), { type: 'success', timeout: 2000 });
      fetchState(node.id);
    })
    .fail((reply) => {
      RED.notify(refusal(reply), { type: 'error' });
    });
}

/** The button of the dialog does the same, for people without a mouse: what comes of it shows in the panel. */
function startInDialog(node: EditorNode): void {
  const panel = $('#device-flow-state');
  if (node.changed === true) {
    panel.text(texts('button.undeployed'));
    return;
  }
  panel.text(texts('state.requesting'));
  void requestStart(node.id)
    .done(() => fetchState(node.id))
    .fail((reply) => {
      if (open === node.id) panel.empty().append(element('div', 'energy-nodes-problem', refusal(reply)));
    });
}

/** Asks the runtime what waits, since what is published does not tell the code. */
function fetchState(id: string): void {
  void requestState(id).done((reply) => {
    const node = RED.nodes.node(id);
    if (reply.prompt) showPrompt(texts, id, node ? label(node) : texts('palette.name'), reply.prompt);
    else hidePrompt(id);
    if (open !== id) return;
    showStateIn(texts, $('#device-flow-state'), reply);
    // That a server refused to give a code is not published.
    if (reply.phase === 'requesting') setTimeout(() => open === id && fetchState(id), askAgain);
  });
}

function onPublication(topic: string, data: unknown): void {
  const id = topic.slice(topic.indexOf('/') + 1);
  const { waiting } = (data ?? {}) as { readonly waiting?: unknown };
  if (waiting === true || open === id) fetchState(id);
  if (waiting !== true) hidePrompt(id);
}

function onDialogOpen(): void {
  makeWay(true);
}

function onDialogClose(): void {
  makeWay(false);
}

/** Shows the link of a dance that waits for a person, from now on. */
export function listen(): void {
  RED.comms.subscribe(topics, onPublication);
  RED.events.on('editor:open', onDialogOpen);
  RED.events.on('editor:close', onDialogClose);
}

/** The node type is gone from the palette. */
export function stopListening(): void {
  RED.comms.unsubscribe(topics, onPublication);
  RED.events.off('editor:open', onDialogOpen);
  RED.events.off('editor:close', onDialogClose);
  hideAllPrompts();
}

/** Fills the dialog with life: where the dance of the deployed node stands. */
export function prepare(node: EditorNode): void {
  open = node.id;
  showDefaults(node, 'node-input');
  explainFields(node, 'node-input');
  $('#device-flow-start').on('click', () => startInDialog(node));
  const asked = requestState(node.id);
  running = asked;
  // The panel is left empty where the runtime gives no answer: the dialog works without it.
  void asked.done((reply) => {
    if (running === asked) showStateIn(texts, $('#device-flow-state'), reply);
  });
}

/** Forgets the dialog; called when it closes, saved or not. */
export function close(): void {
  const asked = running;
  open = undefined;
  running = undefined;
  asked?.abort();
}
