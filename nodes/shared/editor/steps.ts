import type { Texts } from './catalog.js';
import { element, icon } from './dom.js';

/** One step of a test; the texts come in the language of the server. */
export interface TestStep {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly code?: string;
  readonly action?: string;
}

/** Readable by screen readers only: what the colour and the icon say to the others. */
const hiddenText = { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clip: 'rect(0 0 0 0)' };

/** How a step went: a step that failed has a code, one that was not reached has none. */
function stepMark(texts: Texts, { ok, code }: TestStep): JQuery {
  const [name, color, key] = ok
    ? ['check', 'energy-nodes-good', 'test.works']
    : code === undefined
      ? ['minus', '', 'test.notTried']
      : ['times', 'energy-nodes-bad', 'test.fails'];
  return icon(name, color).add(element('span', '', `${texts(key)} `).css(hiddenText));
}

function stepItem(texts: Texts, step: TestStep): JQuery {
  const item = element('li').attr({ 'data-step': step.name, 'data-ok': String(step.ok) });
  item.append(stepMark(texts, step), element('span', '', step.text));
  if (step.action) item.append(element('div', 'energy-nodes-hint', step.action));
  return item;
}

/** The steps of a test as a list; the catalog has `test.works`, `test.fails` and `test.notTried`. */
export function stepList(texts: Texts, steps: readonly TestStep[]): JQuery {
  return element('ul', 'energy-nodes-steps').append(steps.map((step) => stepItem(texts, step)));
}
