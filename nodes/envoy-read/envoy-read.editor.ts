import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { element } from '../shared/editor/dom.js';
import { intervalProblem } from '../shared/editor/problems.js';
import { validator } from '../shared/editor/validator.js';

const texts = catalog('envoy-read');

/** The datasets that the dialog offers, in the order of the payload. */
const offered = ['production', 'consumption', 'meters', 'inverters'];

/** Checks the seconds between two reads. */
export const validateInterval = validator(texts, 'interval', intervalProblem);

/** The datasets that `node` asks for, as they were saved. */
function savedDatasets(node: EditorNode): string[] {
  return Array.isArray(node.datasets) ? node.datasets.filter((name) => typeof name === 'string') : [];
}

/** What the node is called in the flow: its name, or else what its gateway is called. */
export function label(node: EditorNode): string {
  if (typeof node.name === 'string' && node.name !== '') return node.name;
  const gateway = typeof node.gateway === 'string' ? RED.nodes.node(node.gateway) : undefined;
  for (const candidate of [gateway?.name, gateway?.host]) {
    if (typeof candidate === 'string' && candidate !== '') return candidate;
  }
  return texts('palette.name');
}

/** Builds the list of datasets, ticked as they were saved, and shows defaults where the flow has no value. */
export function prepare(node: EditorNode): void {
  showDefaults(node, 'node-input');
  const saved = savedDatasets(node);
  const list = $('#envoy-read-datasets').empty();
  for (const name of offered) {
    const box = $(document.createElement('input'));
    box.attr({ type: 'checkbox', value: name, id: `envoy-read-dataset-${name}` }).prop('checked', saved.includes(name));
    const caption = element('label', 'energy-nodes-check').attr('for', `envoy-read-dataset-${name}`);
    list.append(caption.append(box, document.createTextNode(texts(`dataset.${name}`))));
  }
  const kept = saved.filter((name) => !offered.includes(name));
  if (kept.length > 0)
    list.append(element('div', 'energy-nodes-hint', texts('hint.keptDatasets', { names: kept.join(', ') })));
  list.append(element('div', 'energy-nodes-hint', texts('hint.datasets')));
}

/** Stores the ticked datasets; names that the dialog does not offer stay as they were. */
export function save(node: EditorNode): void {
  const ticked = offered.filter((name) => $(`#envoy-read-dataset-${name}`).prop('checked') === true);
  node.datasets = [...ticked, ...savedDatasets(node).filter((name) => !offered.includes(name))];
}
