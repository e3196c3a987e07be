import type { Texts } from '../shared/editor/catalog.js';
import { element } from '../shared/editor/dom.js';

/** A server that is known. */
interface Preset {
  readonly label: string;
  readonly server: string;
  /** The node `device-flow-proxy` that is this server: its client id is taken over. */
  readonly node: string;
}

/** The properties that a preset leaves to the server. */
const overrides = ['deviceEndpoint', 'tokenEndpoint', 'refreshEndpoint', 'dataEndpoint'];

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** Where a proxy of this Node-RED is reached: its public address, or else as the editor is. */
function addressOf(proxy: EditorNode): string {
  const given = textOf(proxy.publicUrl).replace(/\/+$/, '');
  if (given !== '') return given;
  const root = (RED.settings.httpNodeRoot ?? '/').replace(/\/+$/, '');
  return `${location.origin}${root}/${textOf(proxy.path).replace(/^\/+|\/+$/g, '')}`;
}

function presetsOf(texts: Texts): Preset[] {
  return RED.nodes.filterNodes({ type: 'device-flow-proxy' }).map((proxy) => {
    const server = addressOf(proxy);
    const sandbox = proxy.environment === 'sandbox';
    return { label: texts(sandbox ? 'preset.sandbox' : 'preset.own', { server }), server, node: proxy.id };
  });
}

/** The client id of a proxy node: the editor has it after its dialog was open, the runtime after a deploy. */
function fillClientId(node: string, field: JQuery): void {
  const known = textOf(RED.nodes.node(node)?.credentials?.clientId);
  if (known !== '') {
    field.val(known).trigger('change');
    return;
  }
  void $.getJSON(`credentials/device-flow-proxy/${encodeURIComponent(node)}`).done((credentials: unknown) => {
    const { clientId } = (credentials ?? {}) as { readonly clientId?: unknown };
    if (textOf(clientId) !== '') field.val(textOf(clientId)).trigger('change');
  });
}

/**
 * Offers the servers that are known: each proxy in these flows, marked where it asks the sandbox of Enedis, and a proxy
 * of this package anywhere else, of which only the address is left to fill in.
 */
export function preparePresets(texts: Texts, field: (property: string) => JQuery): void {
  const presets = presetsOf(texts);
  const select = $('#enedis-account-preset').empty();
  select.append(element('option', '', texts('preset.none')).attr('value', ''));
  presets.forEach(({ label }, index) => select.append(element('option', '', label).attr('value', String(index))));
  select.append(element('option', '', texts('preset.elsewhere')).attr('value', 'elsewhere'));
  select.on('change', () => {
    const chosen = select.val();
    if (chosen === '') return;
    for (const property of overrides) field(property).val('').trigger('change');
    field('api').val('proxy').trigger('change');
    const preset = presets[Number(chosen)];
    field('server')
      .val(preset?.server ?? '')
      .trigger('change');
    if (preset) fillClientId(preset.node, field('clientId'));
    else field('server').trigger('focus');
  });
}
