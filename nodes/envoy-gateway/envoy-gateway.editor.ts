import { isBusy, setBusy } from '../shared/editor/busy.js';
import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { baseUrlProblem, fingerprintProblem, hostProblem, numberProblem } from '../shared/editor/problems.js';
import { failureReason } from '../shared/editor/failure.js';
import { explainFields } from '../shared/editor/reasons.js';
import { validator } from '../shared/editor/validator.js';
import { checkDialogOf, credentialValidator, learnKind, savedValidator } from './credentials.editor.js';
import { allowDiagnostics, prepareDiagnostics, stopDiagnostics } from './diagnostics.editor.js';
import { field, fitFields, testRequest, unfoldProblems } from './form.editor.js';
import { showFailure, showState, showTest } from './panel.editor.js';
import { requestState, requestTest, type GatewayFacts, type StateReply, type TestReply } from './replies.editor.js';
import { prepareSearch, stopSearch } from './search.editor.js';

const texts = catalog('envoy-gateway');

/** Checks the address of the gateway. */
export const validateHost = validator(texts, 'host', hostProblem);

/** Checks the fingerprint set by hand; blank is fine. */
export const validateFingerprint = validator(texts, 'fingerprint', fingerprintProblem);

/** Checks the base URL of Enlighten or Entrez. */
export const validateUrl = validator(texts, 'url', baseUrlProblem);

/** Checks the days of life left at which a token is renewed. An owner's token lives a year. */
export const validateRefreshBefore = validator(texts, 'refreshBefore', (value) =>
  numberProblem(value, { minimum: Number.MIN_VALUE, maximum: 364 }),
);

/** Checks the seconds for one request. */
export const validateTimeout = validator(texts, 'timeout', (value) =>
  numberProblem(value, { minimum: 1, maximum: 300 }),
);

/** Checks the user, by what the gateway is known to want. */
export const validateUsername = credentialValidator(texts, 'username');

/** Checks that a user who needs a password has one. */
export const validatePassword = credentialValidator(texts, 'password');

/** Checks that a pasted token is one. */
export const validateToken = credentialValidator(texts, 'token');

/** Checks the credentials once the dialog is closed. */
export const validateSaved = savedValidator(texts);

/** What the node is called in lists: its name, or else its address. */
export function label(node: EditorNode): string {
  const { name, host } = node;
  if (typeof name === 'string' && name !== '') return name;
  return typeof host === 'string' && host !== '' ? host : 'envoy-gateway';
}

let testRunning: JQuery.jqXHR<TestReply> | undefined;
let stateRunning: JQuery.jqXHR<StateReply> | undefined;
/** A late state must not overwrite the outcome of a test. */
let isTested = false;

function acceptCertificate(fingerprint: string): void {
  $('#envoy-gateway-advanced').prop('open', true);
  // The button that was pressed goes away, and the focus with it.
  field('fingerprint').val(fingerprint).trigger('change').trigger('focus');
}

/** Fits the dialog to what its gateway was found to be, and has the editor check the credentials by it. */
function takeGateway(node: EditorNode, gateway: GatewayFacts | undefined): void {
  const kind = learnKind(node.id, gateway?.authentication);
  field('name').trigger('change');
  fitFields(texts, kind);
}

function loadState(node: EditorNode): void {
  const panel = $('#envoy-gateway-state');
  isTested = false;
  const running = requestState(node.id);
  stateRunning = running;
  // The panel is left empty where the runtime gives no answer: the dialog works without it.
  void running
    .done((state) => {
      if (stateRunning !== running) return;
      allowDiagnostics(texts, state.deployed);
      if (isTested) return;
      showState(texts, panel, state, acceptCertificate);
      takeGateway(node, state.gateway);
    })
    .fail(() => {
      if (stateRunning === running) allowDiagnostics(texts, false);
    });
}

function runTest(node: EditorNode): void {
  const button = $('#envoy-gateway-test');
  const panel = $('#envoy-gateway-state');
  const request = testRequest(node);
  if (hostProblem(request.host)) {
    field('host').trigger('focus');
    showFailure(panel, texts(`validate.host.${hostProblem(request.host) ?? 'invalid'}`));
    return;
  }
  isTested = true;
  setBusy(button, true);
  panel.text(texts('test.running'));
  const running = requestTest(request);
  testRunning = running;
  void running
    .done((reply) => {
      showTest(texts, panel, reply, acceptCertificate);
      takeGateway(node, reply.gateway);
    })
    .fail((reply) => {
      if (testRunning === running)
        showFailure(panel, failureReason(reply) ?? texts('test.noAnswer', { status: reply.status }));
    })
    .always(() => {
      setBusy(button, false);
    });
}

/** Fills the dialog of `node` with life: the state, the test button, the fields that fit the firmware. */
export function prepare(node: EditorNode): void {
  checkDialogOf(node);
  showDefaults(node, 'node-config-input');
  explainFields(node, 'node-config-input');
  fitFields(texts, learnKind(node.id));
  // The editor marks wrong fields after this call.
  setTimeout(unfoldProblems);
  const button = $('#envoy-gateway-test');
  button.on('click', (event) => {
    event.preventDefault();
    if (!isBusy(button)) runTest(node);
  });
  prepareSearch(texts, node.id);
  prepareDiagnostics(texts, node.id);
  loadState(node);
}

/** Ends what the dialog started; called when it closes, saved or not. */
export function close(): void {
  checkDialogOf(undefined);
  const running = [testRunning, stateRunning];
  testRunning = undefined;
  stateRunning = undefined;
  for (const request of running) request?.abort();
  stopSearch();
  stopDiagnostics();
}
