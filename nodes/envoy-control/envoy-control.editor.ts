import { catalog } from '../shared/editor/catalog.js';
import { namesIn, showChecks, ticked, unknownNames, type Choice } from '../shared/editor/checks.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { element, fieldText } from '../shared/editor/dom.js';
import { labelByGateway } from '../shared/editor/label.js';
import { configNodeProblem, isEnvironmentVariable, type Problem } from '../shared/editor/problems.js';
import { explainFields } from '../shared/editor/reasons.js';
import { validator } from '../shared/editor/validator.js';
import { commandNamed, commands } from './commands.editor.js';

const texts = catalog('envoy-control');

/** Checks that a gateway is chosen, and that nothing is wrong with it. */
export const validateGateway = validator(texts, 'gateway', configNodeProblem);

/** The node whose dialog is open: its ticks count before they are saved. */
let open: EditorNode | undefined;

function allowList(): JQuery {
  return $('#envoy-control-allow');
}

/** What may be allowed: every command, and requests of one's own. */
function choices(): Choice[] {
  const names = [...commands.map(({ name }) => name), 'request'];
  return names.map((name) => ({ name, label: texts(`command.${name}`), word: name }));
}

function allowedBy(node: EditorNode | undefined): string[] {
  return open !== undefined && open.id === node?.id ? ticked(allowList()) : namesIn(node?.allow);
}

function commandProblem(value: unknown, node: EditorNode | undefined): Problem<'unknown' | 'notAllowed'> {
  if (typeof value !== 'string' || value === '' || isEnvironmentVariable(value)) return undefined;
  if (!commandNamed(value)) return 'unknown';
  return allowedBy(node).includes(value) ? undefined : 'notAllowed';
}

/** Checks that the chosen command is allowed. */
export const validateCommand = validator(texts, 'command', commandProblem);

/** What the node is called in the flow: its name, or else its gateway and its command. */
export function label(node: EditorNode): string {
  return labelByGateway(node, (gateway) => {
    const name = gateway ?? texts('palette.name');
    return typeof node.command === 'string' && node.command !== '' ? `${name}: ${node.command}` : name;
  });
}

/** Fills the list of commands; one that is saved but not known stays in it, or opening the dialog would change it. */
function fillCommands(select: JQuery, saved: unknown): void {
  const options = commands.map(({ name }) => ({ value: name, text: texts(`command.${name}`) }));
  if (typeof saved === 'string' && saved !== '' && !commandNamed(saved)) options.push({ value: saved, text: saved });
  for (const { value, text } of options) select.append(element('option', '', text).attr('value', value));
  select.val(typeof saved === 'string' ? saved : '');
}

/** Says what msg.payload must be for the chosen command. */
function explain(select: JQuery): void {
  const panel = $('#envoy-control-payload').empty();
  const chosen = fieldText(select);
  const command = commandNamed(chosen);
  if (command) {
    const example = element('code', '', `msg.payload = ${command.example}`).attr('id', 'envoy-control-example');
    panel.append(element('div', '', texts(`payload.${command.name}`)), example);
  } else if (chosen === '') {
    panel.append(element('div', '', texts('hint.command')));
  }
}

/** Builds the list of commands and the list of what is allowed, as they were saved. */
export function prepare(node: EditorNode): void {
  open = node;
  showDefaults(node, 'node-input');
  explainFields(node, 'node-input');
  const select = $('#node-input-command');
  fillCommands(select, node.command);
  const saved = namesIn(node.allow);
  showChecks(allowList(), 'envoy-control-allow', choices(), saved);
  const kept = unknownNames(choices(), saved);
  if (kept.length > 0) {
    allowList().append(element('div', 'energy-nodes-hint', texts('hint.keptAllow', { names: kept.join(', ') })));
  }
  explain(select);
  select.on('change', () => {
    explain(select);
  });
  // The editor checks the command again: it depends on the ticks.
  allowList().on('change', 'input', () => select.trigger('change'));
}

/** Forgets the dialog; called when it closes, saved or not. */
export function close(): void {
  open = undefined;
}

/** Stores what is allowed; names that the dialog does not offer stay as they were. */
export function save(node: EditorNode): void {
  node.allow = [...ticked(allowList()), ...unknownNames(choices(), namesIn(node.allow))];
  close();
}
