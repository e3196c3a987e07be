import { linkyDatasets } from '../../lib/linky/readings.js';
import { catalog } from '../shared/editor/catalog.js';
import { showDefaults } from '../shared/editor/defaults.js';
import { element, fieldText } from '../shared/editor/dom.js';
import { configNodeProblem, isEnvironmentVariable, type Problem } from '../shared/editor/problems.js';
import { explainFields } from '../shared/editor/reasons.js';
import { validator } from '../shared/editor/validator.js';
import { dayOf, isBlank, usagePointOf } from './dates.js';

const texts = catalog('linky-read');

/** The node whose dialog is open: what is entered there counts before it is saved. */
let open: EditorNode | undefined;

function field(property: string): JQuery {
  return $(`#node-input-${property}`);
}

function entered(node: EditorNode | undefined, property: string): unknown {
  return open !== undefined && open.id === node?.id ? fieldText(field(property)) : node?.[property];
}

function isFree(value: unknown): boolean {
  return isBlank(value) || (typeof value === 'string' && isEnvironmentVariable(value.trim()));
}

/** A contract has no dates: what stands in the hidden fields does not count. */
function dateProblem(value: unknown, node: EditorNode | undefined): Problem<'invalid'> {
  const isUsed = entered(node, 'dataset') !== 'contract' && !isFree(value);
  return isUsed && dayOf(value, Date.now()) === undefined ? 'invalid' : undefined;
}

/** The first day must come before the first day that is left out. */
function fromProblem(value: unknown, node: EditorNode | undefined): Problem<'invalid' | 'empty'> {
  const to = entered(node, 'to');
  const isOpen = entered(node, 'dataset') === 'contract' || isFree(value) || (!isBlank(to) && isFree(to));
  if (isOpen || dateProblem(value, node)) return dateProblem(value, node);
  const [from, end] = [dayOf(value, Date.now()), dayOf(isBlank(to) ? 'today' : to, Date.now())];
  return from !== undefined && end !== undefined && from >= end ? 'empty' : undefined;
}

function usagePointProblem(value: unknown): Problem<'invalid'> {
  return isFree(value) || usagePointOf(value) !== undefined ? undefined : 'invalid';
}

/** Checks that an account is chosen, and that nothing is wrong with it. */
export const validateAccount = validator(texts, 'account', configNodeProblem);

/** Checks the first day of a range. */
export const validateFrom = validator(texts, 'from', fromProblem);

/** Checks the day after a range. */
export const validateTo = validator(texts, 'date', dateProblem);

/** Checks the meter; blank is all of them. */
export const validateUsagePoint = validator(texts, 'usagePoint', usagePointProblem);

/** What the node is called in the flow: its name, or else what it reads. */
export function label(node: EditorNode): string {
  if (typeof node.name === 'string' && node.name !== '') return node.name;
  const dataset = linkyDatasets.find((name) => name === node.dataset);
  return dataset ? `Linky: ${texts(`dataset.${dataset}`)}` : texts('palette.name');
}

function showDatasets(chosen: unknown): void {
  const list = field('dataset').empty();
  for (const name of linkyDatasets) list.append(element('option', '', texts(`dataset.${name}`)).val(name));
  const isKnown = linkyDatasets.some((name) => name === chosen);
  list.val(isKnown ? String(chosen) : 'daily_consumption');
}

/** Says what the range means, and shows only what the dataset has. */
function fitFields(): void {
  const isSeries = fieldText(field('dataset')) !== 'contract';
  $('.linky-read-series').toggle(isSeries);
  const isNews = fieldText(field('from')) === '';
  $('#linky-read-range').text(texts(isNews ? 'hint.news' : 'hint.range'));
}

/** Fills the dialog with life: the datasets in the language of the editor, hints that follow what is entered. */
export function prepare(node: EditorNode): void {
  open = node;
  showDefaults(node, 'node-input');
  explainFields(node, 'node-input');
  showDatasets(node.dataset);
  fitFields();
  field('dataset').on('change', () => {
    fitFields();
    // The editor checks the dates again: whether they count depends on this choice.
    for (const date of ['from', 'to']) field(date).trigger('change');
  });
  field('from').on('input change', fitFields);
  // Whether the first day is early enough depends on the other one.
  field('to').on('change', () => field('from').trigger('change'));
}

/** Forgets the dialog; called when it closes, saved or not. */
export function close(): void {
  open = undefined;
}
