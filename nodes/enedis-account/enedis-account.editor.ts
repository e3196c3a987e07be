import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { fieldText } from '../shared/editor/dom.js';
import { baseUrlProblem, isEnvironmentVariable, type Problem } from '../shared/editor/problems.js';
import { validator } from '../shared/editor/validator.js';
import { closePanel, preparePanel } from './panel.editor.js';
import { preparePresets } from './presets.editor.js';

const texts = catalog('enedis-account');

/** The node whose dialog is open: what is chosen there counts before it is saved. */
let open: EditorNode | undefined;

function field(property: string): JQuery {
  return $(`#node-config-input-${property}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function apiOf(node: EditorNode | undefined): string {
  if (open !== undefined && open.id === node?.id) return fieldText(field('api'));
  return textOf(node?.api) || 'proxy';
}

/** Whether a person consents with a code there; the other services give a token by hand. */
function isDance(api: string): boolean {
  return api === 'proxy' || api === 'none';
}

function serverProblem(value: unknown, node: EditorNode | undefined): Problem<'empty' | 'invalid'> {
  const problem = baseUrlProblem(value);
  return problem === 'empty' && !isDance(apiOf(node)) ? undefined : problem;
}

function clientIdProblem(value: unknown, node: EditorNode | undefined): Problem<'empty'> {
  return textOf(value) === '' && isDance(apiOf(node)) ? 'empty' : undefined;
}

/** Endpoints may have a query, unlike the base of a server. */
function endpointProblem(value: unknown): Problem<'invalid'> {
  const url = textOf(value);
  if (url === '' || isEnvironmentVariable(url)) return undefined;
  return /^https?:\/\/[^/]/i.test(url) && URL.canParse(url) && new URL(url).hash === '' ? undefined : 'invalid';
}

function userAgentProblem(value: unknown): Problem<'invalid'> {
  const given = textOf(value);
  return given === '' || isEnvironmentVariable(given) || /^[\x20-\x7e]+$/.test(given) ? undefined : 'invalid';
}

/** Checks the base URL of the server. */
export const validateServer = validator(texts, 'server', serverProblem);

/** Checks the client id, which a dance needs. */
export const validateClientId = validator(texts, 'clientId', clientIdProblem);

/** Checks an endpoint set by hand; blank is fine. */
export const validateEndpoint = validator(texts, 'endpoint', endpointProblem);

/** Checks the User-Agent; blank is fine. */
export const validateUserAgent = validator(texts, 'userAgent', userAgentProblem);

/** What the node is called in lists: its name, or else where it is. */
export function label(node: EditorNode): string {
  if (textOf(node.name) !== '') return textOf(node.name);
  const server = textOf(node.server);
  if (URL.canParse(server)) return new URL(server).host;
  return server || texts(`api.${apiOf(node)}`);
}

/** Shows the fields that the choice uses. */
function fitFields(): void {
  const api = fieldText(field('api')) || 'proxy';
  $('.enedis-account-dance').toggle(isDance(api));
  $('.enedis-account-token').toggle(!isDance(api));
  $('.enedis-account-data').toggle(api !== 'none');
  $('#enedis-account-api-hint').text(texts(`hint.${api}`));
  if (!isDance(api)) $('#enedis-account-token-hint').text(texts(`hint.token.${api}`));
}

/** Opens the folded fields, where one of them is wrong. */
function unfoldProblems(): void {
  const folded = $('#enedis-account-advanced');
  if (folded.find('.input-error').length > 0) folded.prop('open', true);
}

/** Fills the dialog with life: fields that fit the choice, presets, the state of the tokens. */
export function prepare(node: EditorNode): void {
  open = node;
  showDefaults(node, 'node-config-input');
  preparePresets(texts, field);
  fitFields();
  // The editor marks wrong fields after this call.
  setTimeout(unfoldProblems);
  field('api').on('change', () => {
    fitFields();
    // The editor checks them again: whether they are needed depends on this choice.
    for (const property of ['server', 'clientId']) field(property).trigger('change');
  });
  preparePanel(texts, node.id);
}

/** Forgets the dialog; called when it closes, saved or not. */
export function close(): void {
  open = undefined;
  closePanel();
}
