import { isBusy, setBusy } from '../shared/editor/busy.js';
import type { Texts } from '../shared/editor/catalog.js';
import { element, icon } from '../shared/editor/dom.js';
import { failureReason } from '../shared/editor/failure.js';
import { requestDiagnostics } from './replies.editor.js';

let running: JQuery.jqXHR<unknown> | undefined;
let file: string | undefined;

function panel(): JQuery {
  return $('#envoy-gateway-diagnostics-panel');
}

/** A day of the person's calendar, such as `2026-06-21`. */
function day(moment: Date): string {
  const parts = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}

function forgetFile(): void {
  if (file !== undefined) URL.revokeObjectURL(file);
  file = undefined;
}

function offerFile(texts: Texts, bundle: unknown): void {
  forgetFile();
  file = URL.createObjectURL(new Blob([JSON.stringify(bundle, null, 2)], { type: 'application/json' }));
  const name = `envoy-diagnostics-${day(new Date())}.json`;
  const link = element('a', 'red-ui-button').attr({ href: file, download: name, id: 'envoy-gateway-diagnostics-file' });
  link.append(icon('download'), ' ', element('span', '', texts('diagnostics.save', { name })));
  panel()
    .empty()
    .append(element('div', '', texts('diagnostics.ready')), link);
}

/** Lets the *Diagnostics* button fetch a bundle from the deployed node and offer it as a file. */
export function prepareDiagnostics(texts: Texts, id: string): void {
  const button = $('#envoy-gateway-diagnostics');
  button.on('click', () => {
    if (isBusy(button)) return;
    setBusy(button, true);
    panel().text(texts('diagnostics.running'));
    const asked = requestDiagnostics(id);
    running = asked;
    void asked
      .done((bundle) => {
        if (running === asked) offerFile(texts, bundle);
      })
      .fail((reply) => {
        if (running !== asked) return;
        const reason = failureReason(reply) ?? texts('diagnostics.noAnswer', { status: reply.status });
        panel()
          .empty()
          .append(element('div', 'energy-nodes-problem', reason));
      })
      .always(() => {
        setBusy(button, false);
      });
  });
}

/** Only a deployed node has a session to tell about: the button works from then on, and says why it does not before. */
export function allowDiagnostics(texts: Texts, deployed: boolean): void {
  $('#envoy-gateway-diagnostics').prop('disabled', !deployed);
  $('#envoy-gateway-diagnostics-hint').text(deployed ? '' : texts('diagnostics.notDeployed'));
}

/** Ends what is running and frees the file. */
export function stopDiagnostics(): void {
  const asked = running;
  running = undefined;
  asked?.abort();
  forgetFile();
}
