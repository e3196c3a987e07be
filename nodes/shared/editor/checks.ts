import { element } from './dom.js';

/** One box of a list: what is stored where it is ticked, and what a person reads. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  /** The word that stands for it in messages, shown behind the label. */
  readonly word?: string;
}

/** The names in a stored list; anything else in it is not usable and is left out. */
export function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** Puts one box per choice into `list`, ticked where its name is among `stored`; each has the id `<prefix>-<name>`. */
export function showChecks(list: JQuery, prefix: string, choices: readonly Choice[], stored: readonly string[]): void {
  list.empty();
  for (const { name, label, word } of choices) {
    const id = `${prefix}-${name}`;
    const box = $(document.createElement('input'));
    box.attr({ type: 'checkbox', value: name, id }).prop('checked', stored.includes(name));
    const caption = element('label', 'energy-nodes-check').attr('for', id).append(box, document.createTextNode(label));
    if (word !== undefined) caption.append(' ', element('code', '', word));
    list.append(caption);
  }
}

/** The names of the boxes in `list` that are ticked, in the order shown. */
export function ticked(list: JQuery): string[] {
  return list
    .find('input:checked')
    .toArray()
    .map((box) => (box as HTMLInputElement).value);
}

/** The stored names that no box stands for: they stay as they were. */
export function unknownNames(choices: readonly Choice[], stored: readonly string[]): string[] {
  return stored.filter((name) => !choices.some((choice) => choice.name === name));
}
