import { datasetNames } from '../../lib/envoy/datasets/types.js';
import { catalog } from '../shared/editor/catalog.js';
import { namesIn, showChecks, ticked, unknownNames, type Choice } from '../shared/editor/checks.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { element } from '../shared/editor/dom.js';
import { labelByGateway } from '../shared/editor/label.js';
import { configNodeProblem, intervalProblem } from '../shared/editor/problems.js';
import { explainFields } from '../shared/editor/reasons.js';
import { validator } from '../shared/editor/validator.js';

const texts = catalog('envoy-read');

/** Checks that a gateway is chosen, and that nothing is wrong with it. */
export const validateGateway = validator(texts, 'gateway', configNodeProblem);

/** Checks the seconds between two reads. */
export const validateInterval = validator(texts, 'interval', intervalProblem);

/** What the node is called in the flow: its name, or else what its gateway is called. */
export function label(node: EditorNode): string {
  return labelByGateway(node, (gateway) => gateway ?? texts('palette.name'));
}

function choices(): Choice[] {
  return datasetNames.map((name) => ({ name, label: texts(`dataset.${name}`) }));
}

/** Builds the list of datasets, ticked as they were saved, and shows defaults where the flow has no value. */
export function prepare(node: EditorNode): void {
  showDefaults(node, 'node-input');
  explainFields(node, 'node-input');
  const list = $('#envoy-read-datasets');
  const saved = namesIn(node.datasets);
  showChecks(list, 'envoy-read-dataset', choices(), saved);
  const kept = unknownNames(choices(), saved);
  if (kept.length > 0) {
    list.append(element('div', 'energy-nodes-hint', texts('hint.keptDatasets', { names: kept.join(', ') })));
  }
  list.append(element('div', 'energy-nodes-hint', texts('hint.datasets')));
}

/** Stores the ticked datasets; names that the dialog does not offer stay as they were. */
export function save(node: EditorNode): void {
  node.datasets = [...ticked($('#envoy-read-datasets')), ...unknownNames(choices(), namesIn(node.datasets))];
}
