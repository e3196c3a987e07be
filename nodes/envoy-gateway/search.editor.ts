import { isBusy, setBusy } from '../shared/editor/busy.js';
import type { Texts } from '../shared/editor/catalog.js';
import { element, icon } from '../shared/editor/dom.js';
import { failureReason } from '../shared/editor/failure.js';
import { field } from './form.editor.js';
import { requestSearch, type FoundGateway, type SearchReply } from './replies.editor.js';

/** Seconds that a search takes at most. */
const longest = 18;

let running: JQuery.jqXHR<SearchReply> | undefined;
let clock: ReturnType<typeof setInterval> | undefined;

function panel(): JQuery {
  return $('#envoy-gateway-found');
}

function showProgress(texts: Texts): void {
  const text = texts('search.running', { seconds: longest });
  const bar = element('progress').attr({ max: longest, value: 0, 'aria-label': text });
  const started = Date.now();
  panel()
    .empty()
    .append(element('div', '', text), bar);
  clock = setInterval(() => bar.attr('value', (Date.now() - started) / 1000), 250);
}

/** What tells a gateway from the others; all of it comes from the network. */
function factsText(texts: Texts, { name, firmware, serial }: FoundGateway): string {
  const firmwareText = firmware === undefined ? texts('search.silent') : texts('state.firmware', { firmware });
  return [...(name ? [name] : []), firmwareText, texts('state.serial', { serial })].join(' · ');
}

function take(texts: Texts, host: string): void {
  field('host').val(host).trigger('change');
  panel()
    .empty()
    .append(icon('check', 'energy-nodes-good'), ' ', element('span', '', texts('search.taken', { host })));
  field('host').trigger('focus');
}

function choice(texts: Texts, gateway: FoundGateway): JQuery {
  const button = element('button', 'red-ui-button energy-nodes-choice').attr({ type: 'button' });
  button.append(element('strong', '', gateway.host), element('span', '', factsText(texts, gateway)));
  button.on('click', () => {
    take(texts, gateway.host);
  });
  const item = element('li').append(button);
  const others = gateway.addresses.filter((address) => address !== gateway.host);
  if (others.length > 0) {
    item.append(element('div', 'energy-nodes-hint', texts('search.others', { addresses: others.join(', ') })));
  }
  if (gateway.current) item.append(element('div', 'energy-nodes-hint', texts('search.current')));
  if (gateway.moved) {
    item.prepend(element('div', 'energy-nodes-warning', texts('search.moved', { host: gateway.host })));
  }
  return item;
}

/** Lists what was found; the gateway that moved comes first, since it is why most people search. */
function showFound(texts: Texts, gateways: readonly FoundGateway[]): void {
  if (gateways.length === 0) {
    panel().text(texts('search.nothing'));
    return;
  }
  const sorted = [...gateways].sort((one, other) => Number(other.moved) - Number(one.moved));
  const list = element('ul', 'energy-nodes-choices').append(sorted.map((gateway) => choice(texts, gateway)));
  panel()
    .empty()
    .append(element('div', '', texts('search.found')), list);
}

/** Lets the *Search* button look for gateways; nothing is taken over unless a person presses one. */
export function prepareSearch(texts: Texts, id: string): void {
  const button = $('#envoy-gateway-search');
  button.on('click', () => {
    if (isBusy(button)) return;
    stopSearch();
    setBusy(button, true);
    showProgress(texts);
    const asked = requestSearch(id);
    running = asked;
    void asked
      .always(() => {
        if (running === asked) stopSearch();
        setBusy(button, false);
      })
      .done(({ gateways }) => {
        showFound(texts, gateways);
      })
      .fail((reply) => {
        if (reply.statusText === 'abort') return;
        const reason = failureReason(reply) ?? texts('search.noAnswer', { status: reply.status });
        panel()
          .empty()
          .append(element('div', 'energy-nodes-problem', reason));
      });
  });
}

/** Ends a search that is running. */
export function stopSearch(): void {
  const asked = running;
  running = undefined;
  if (clock !== undefined) clearInterval(clock);
  clock = undefined;
  asked?.abort();
}
