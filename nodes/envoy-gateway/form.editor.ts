import { fieldText } from '../shared/editor/dom.js';
import type { Texts } from '../shared/editor/catalog.js';
import { changedPasswords } from '../shared/editor/saved-credentials.js';
import type { GatewayFacts, TestRequest } from './replies.editor.js';

/** The field of a property in the dialog. */
export function field(property: string): JQuery {
  return $(`#node-config-input-${property}`);
}

/** Numbers as numbers; `${NAME}` stays as it is for the runtime to replace. */
function numberOrText(text: string): number | string {
  const number = Number(text);
  return text === '' || Number.isNaN(number) ? text : number;
}

/**
 * The credentials that differ from those of the deployed node: what was typed, now or before the last deploy. An
 * emptied field counts as changed only where there was something to empty.
 */
function changedCredentials(node: EditorNode): Record<string, string> {
  const username = fieldText(field('username'));
  const changed = username !== (node.credentials?._?.username ?? '');
  return { ...(changed && { username }), ...changedPasswords(node, ['password', 'token']) };
}

/** The fields of the dialog as the test route wants them. */
export function testRequest(node: EditorNode): TestRequest {
  return {
    id: node.id,
    host: fieldText(field('host')),
    tls: fieldText(field('tls')),
    fingerprint: fieldText(field('fingerprint')),
    cloudUrl: fieldText(field('cloudUrl')),
    tokenUrl: fieldText(field('tokenUrl')),
    refreshBefore: numberOrText(fieldText(field('refreshBefore'))),
    timeout: numberOrText(fieldText(field('timeout'))),
    credentials: changedCredentials(node),
  };
}

/** Opens the folded fields, where one of them is wrong. */
export function unfoldProblems(): void {
  const folded = $('#envoy-gateway-advanced');
  if (folded.find('.input-error').length > 0) folded.prop('open', true);
}

/**
 * Shows the fields that the gateway's firmware uses, and says what to fill in. Before the firmware is known every field
 * shows; a field that is wrong always shows, or nobody could put it right.
 */
export function fitFields(texts: Texts, kind: GatewayFacts['authentication'] | 'unknown'): void {
  $('#envoy-gateway-credentials-hint').text(texts(`hint.${kind}`));
  field('username').attr('placeholder', texts(`placeholder.username.${kind}`));
  field('password').attr('placeholder', texts(`placeholder.password.${kind}`));
  $('.envoy-gateway-token-only').each((_index, row) => {
    $(row).toggle(kind !== 'digest' || $(row).find('.input-error').length > 0);
  });
}
