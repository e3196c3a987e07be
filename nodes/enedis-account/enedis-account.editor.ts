import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { fieldText } from '../shared/editor/dom.js';
import { baseUrlProblem, isEnvironmentVariable, type Problem } from '../shared/editor/problems.js';
import { explainFields } from '../shared/editor/reasons.js';
import { changedPasswords, savedValidator } from '../shared/editor/saved-credentials.js';
import { validator } from '../shared/editor/validator.js';
import { closePanel, preparePanel } from './panel.editor.js';
import { preparePresets } from './presets.editor.js';
import type { TestRequest } from './replies.editor.js';

const texts = catalog('enedis-account');

/** The properties that a test of the account needs. */
const tested = [
  'api',
  'server',
  'clientId',
  'scope',
  'deviceEndpoint',
  'tokenEndpoint',
  'refreshEndpoint',
  'dataEndpoint',
  'userAgent',
];

/** The node whose dialog is open: what is chosen there counts before it is saved. */
let open: EditorNode | undefined;

function field(property: string): JQuery {
  return $(`#node-config-input-${property}`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

function isOpen(node: EditorNode | undefined): boolean {
  return open !== undefined && open.id === node?.id;
}

function apiOf(node: EditorNode | undefined): string {
  if (isOpen(node)) return fieldText(field('api'));
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

/** Whether there is a token to a service that gives one by hand, as far as its form tells. */
function tokenProblem(value: unknown, node: EditorNode | undefined): Problem<'empty' | 'invalid' | 'cut'> {
  if (isDance(apiOf(node))) return undefined;
  const token = textOf(value).replace(/^["']?(?:bearer\s+)?|["']$/gi, '');
  if (token === '') return 'empty';
  if (isEnvironmentVariable(token)) return undefined;
  if (!/^[\x21-\x7e]+$/.test(token)) return 'invalid';
  return token.startsWith('eyJ') && token.split('.').length !== 3 ? 'cut' : undefined;
}

/** Checks the base URL of the server. */
export const validateServer = validator(texts, 'server', serverProblem);

/** Checks the client id, which a dance needs. */
export const validateClientId = validator(texts, 'clientId', clientIdProblem);

/** Checks an endpoint set by hand; blank is fine. */
export const validateEndpoint = validator(texts, 'endpoint', endpointProblem);

/** Checks the User-Agent; blank is fine. */
export const validateUserAgent = validator(texts, 'userAgent', userAgentProblem);

/** Checks the token, which the services without a dance need. */
export const validateToken = validator(texts, 'token', tokenProblem);

/** Checks the token once the dialog is closed. */
export const validateSaved = savedValidator(texts, isOpen, { token: tokenProblem });

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

/** The fields as the test route wants them; undefined where one is wrong: that one gets the focus. */
function testRequest(node: EditorNode): TestRequest | undefined {
  const wrong = $('.energy-nodes-form .input-error:visible').first();
  if (wrong.length > 0) {
    wrong.trigger('focus');
    return undefined;
  }
  const fields = tested.map((property) => [property, fieldText(field(property))]);
  const shown = Object.fromEntries(fields) as Record<string, string>;
  return { ...shown, id: node.id, credentials: changedPasswords(node, ['clientSecret', 'token']) };
}

/** Fills the dialog with life: fields that fit the choice, presets, the state of the tokens. */
export function prepare(node: EditorNode): void {
  open = node;
  showDefaults(node, 'node-config-input');
  explainFields(node, 'node-config-input');
  preparePresets(texts, field);
  fitFields();
  // The editor marks wrong fields after this call.
  setTimeout(unfoldProblems);
  field('api').on('change', () => {
    fitFields();
    // The editor checks them again: whether they are needed depends on this choice.
    for (const property of ['server', 'clientId', 'token']) field(property).trigger('change');
  });
  preparePanel(texts, node.id, () => testRequest(node));
}

/** Forgets the dialog; called when it closes, saved or not. */
export function close(): void {
  open = undefined;
  closePanel();
}
