import { isConsentDuration } from '../../lib/proxy/settings/duration.js';
import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { element, fieldText } from '../shared/editor/dom.js';
import { baseUrlProblem, isEnvironmentVariable, numberProblem, type Problem } from '../shared/editor/problems.js';
import { explainFields } from '../shared/editor/reasons.js';
import { savedValidator, unknownPassword } from '../shared/editor/saved-credentials.js';
import { validator } from '../shared/editor/validator.js';
import { normalPath, pathProblem } from './place.js';

const texts = catalog('device-flow-proxy');

/** Characters; the runtime refuses shorter ones. */
const shortestSecret = 16;

/** The node whose dialog is open: what is chosen there counts before it is saved. */
let open: EditorNode | undefined;

function field(property: string): JQuery {
  return $(`#node-input-${property}`);
}

function isOpen(node: EditorNode | undefined): boolean {
  return open !== undefined && open.id === node?.id;
}

/** A property of a node, as the open dialog shows it. */
function chosen(node: EditorNode | undefined, property: string): string {
  if (isOpen(node)) return fieldText(field(property));
  const value = node?.[property];
  return typeof value === 'string' ? value : '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function givenPathProblem(value: unknown): Problem<string> {
  const path = textOf(value);
  return isEnvironmentVariable(path) ? undefined : pathProblem(path);
}

/** Only Node-RED knows whether the address may be blank. */
function publicUrlProblem(value: unknown): Problem<'invalid'> {
  return textOf(value) !== '' && baseUrlProblem(value) ? 'invalid' : undefined;
}

/** Endpoints count in an environment of one's own only. */
function endpointProblem(value: unknown, node: EditorNode | undefined): Problem<'empty' | 'invalid'> {
  return chosen(node, 'environment') === 'custom' ? baseUrlProblem(value) : undefined;
}

function dataEndpointProblem(value: unknown, node: EditorNode | undefined): Problem<'empty' | 'invalid'> {
  const isUsed = chosen(node, 'mode') !== 'authorization_code';
  return isUsed ? endpointProblem(value, node) : undefined;
}

function durationProblem(value: unknown): Problem<'invalid'> {
  const duration = textOf(value);
  const isFine = duration === '' || isEnvironmentVariable(duration) || isConsentDuration(duration);
  return isFine ? undefined : 'invalid';
}

function rateLimitProblem(value: unknown): Problem<'invalid'> {
  const limit = textOf(value);
  if (isEnvironmentVariable(limit)) return undefined;
  return /^\d+$/.test(limit) ? numberProblem(limit, { minimum: 1, maximum: 60 }) : 'invalid';
}

function minVersionProblem(value: unknown): Problem<'invalid'> {
  const versions = textOf(value);
  if (versions === '' || isEnvironmentVariable(versions)) return undefined;
  const isFine = versions.split(',').every((each) => /^(?:[^=,]+=)?\d+(?:\.\d+)*$/.test(each.trim()));
  return isFine ? undefined : 'invalid';
}

/** A password that the editor does not know is shown by a text of its own, which is none of these. */
function neededProblem(value: unknown): Problem<'empty'> {
  return textOf(value) === '' ? 'empty' : undefined;
}

/** The address of a database counts where that is the store. */
function mongodbUriProblem(value: unknown, node: EditorNode | undefined): Problem<'empty' | 'invalid'> {
  const uri = textOf(value);
  if (chosen(node, 'store') !== 'mongodb') return undefined;
  if (uri === '') return 'empty';
  const isFine = uri === unknownPassword || isEnvironmentVariable(uri) || /^mongodb(\+srv)?:\/\/[^/]/i.test(uri);
  return isFine ? undefined : 'invalid';
}

function secretProblem(value: unknown, node: EditorNode | undefined): Problem<'empty' | 'short'> {
  const secret = typeof value === 'string' ? value : '';
  if (secret === '') return chosen(node, 'store') === 'mongodb' ? 'empty' : undefined;
  const isFine = secret === unknownPassword || isEnvironmentVariable(secret) || secret.length >= shortestSecret;
  return isFine ? undefined : 'short';
}

/** Checks the path below Node-RED. */
export const validatePath = validator(texts, 'path', givenPathProblem);

/** Checks the public address; blank is left to the runtime. */
export const validatePublicUrl = validator(texts, 'publicUrl', publicUrlProblem);

/** Checks an endpoint of an environment of one's own. */
export const validateEndpoint = validator(texts, 'endpoint', endpointProblem);

/** Checks the base of the data, which only one of the modes uses. */
export const validateDataEndpoint = validator(texts, 'endpoint', dataEndpointProblem);

/** Checks the duration of the consent. */
export const validateDuration = validator(texts, 'duration', durationProblem);

/** Checks the requests a minute. */
export const validateRateLimit = validator(texts, 'rateLimit', rateLimitProblem);

/** Checks the oldest version of a client. */
export const validateMinVersion = validator(texts, 'minVersion', minVersionProblem);

/** Checks that the id of the application is there. */
export const validateClientId = validator(texts, 'clientId', neededProblem);

/** Checks that the secret of the application is there. */
export const validateClientSecret = validator(texts, 'clientSecret', neededProblem);

/** Checks the address of the database. */
export const validateMongodbUri = validator(texts, 'mongodbUri', mongodbUriProblem);

/** Checks the secret that seals what is stored. */
export const validateSecret = validator(texts, 'secret', secretProblem);

/** Checks the credentials once the dialog is closed. */
export const validateSaved = savedValidator(texts, isOpen, {
  clientId: neededProblem,
  clientSecret: neededProblem,
  mongodbUri: mongodbUriProblem,
  secret: secretProblem,
});

/** What the node is called in the flow: its name, or else what it is and where. */
export function label(node: EditorNode): string {
  if (typeof node.name === 'string' && node.name !== '') return node.name;
  return `${texts('palette.name')} ${typeof node.path === 'string' ? node.path : ''}`.trim();
}

/** Says where people and devices go, and what is to be registered at Enedis. */
function showAddresses(): void {
  const panel = $('#device-flow-proxy-addresses').empty();
  const url = fieldText(field('publicUrl')).replace(/\/+$/, '');
  if (url === '' || publicUrlProblem(url) || isEnvironmentVariable(url)) {
    panel.append(element('div', '', texts('address.blank')));
    return;
  }
  for (const [key, address] of [
    ['redirect', `${url}/auth/redirect`],
    ['people', `${url}/device`],
    ['devices', url],
  ] as const) {
    panel.append(
      element('div', 'energy-nodes-below', texts(`address.${key}`)),
      element('code', '', address).attr('id', `device-flow-proxy-${key}`),
    );
  }
  const path = normalPath(fieldText(field('path')));
  panel.append(element('div', 'energy-nodes-below', texts('address.forward', { url, path })));
}

/** Shows the fields that the choices use; one that is wrong always shows, or nobody could put it right. */
function fitFields(): void {
  const custom = fieldText(field('environment')) === 'custom';
  const exchange = fieldText(field('mode')) === 'authorization_code';
  const mongodb = fieldText(field('store')) === 'mongodb';
  $('.device-flow-proxy-custom').toggle(custom);
  $('.device-flow-proxy-data').toggle(custom && !exchange);
  $('.device-flow-proxy-mongodb').toggle(mongodb);
  $('.device-flow-proxy-exchange').toggle(exchange);
  $('#device-flow-proxy-environment-hint').text(texts(`hint.${fieldText(field('environment')) || 'production'}`));
  $('#device-flow-proxy-secret-hint').text(texts(mongodb ? 'hint.secretMongodb' : 'hint.secretEmbedded'));
  const limit = Number(fieldText(field('rateLimit')));
  const seconds = rateLimitProblem(limit) ? undefined : Math.max(1, Math.round(60 / limit));
  $('#device-flow-proxy-interval').text(seconds === undefined ? '' : texts('hint.rateLimit', { seconds }));
}

/** Opens the folded fields, where one of them is wrong. */
function unfoldProblems(): void {
  const folded = $('#device-flow-proxy-advanced');
  if (folded.find('.input-error').length > 0) folded.prop('open', true);
}

/** Fills the dialog with life: addresses that follow what is typed, fields that fit the choices. */
export function prepare(node: EditorNode): void {
  open = node;
  showDefaults(node, 'node-input');
  explainFields(node, 'node-input');
  showAddresses();
  fitFields();
  // The editor marks wrong fields after this call.
  setTimeout(unfoldProblems);
  field('publicUrl').on('input change', showAddresses);
  field('path').on('input change', showAddresses);
  field('rateLimit').on('input change', fitFields);
  field('store').on('change', () => {
    fitFields();
    for (const credential of ['mongodbUri', 'secret']) field(credential).trigger('change');
  });
  for (const property of ['mode', 'environment']) {
    field(property).on('change', () => {
      fitFields();
      // The editor checks the endpoints again: whether they count depends on this choice.
      for (const endpoint of ['authorizationEndpoint', 'tokenEndpoint', 'dataEndpoint'])
        field(endpoint).trigger('change');
    });
  }
}

/** Forgets the dialog; called when it closes, saved or not. */
export function close(): void {
  open = undefined;
}
