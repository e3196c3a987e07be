import { element } from './dom.js';

type Definition = Readonly<Record<string, EditorProperty>>;

/** Prefix of the ids of a dialog's fields. */
type Prefix = 'node-input' | 'node-config-input';

interface Explained {
  readonly field: () => JQuery;
  readonly property: EditorProperty;
  readonly reason: JQuery;
  /** Ids of the texts that describe the field, right or wrong. */
  readonly description: string;
}

/** What stands in the row as one with the field: a reason comes behind it. */
function lastOfField(field: JQuery): JQuery {
  const row = field.closest('.form-row');
  const child = row.children().has(field[0] as Element);
  const anchor = child.length > 0 ? child : field;
  const companions = anchor.nextAll('.energy-nodes-unit, .red-ui-typedInput-container');
  return companions.length > 0 ? companions.last() : anchor;
}

function explained(id: string, property: EditorProperty): Explained {
  // The editor may put another element with the same id in the place of a field.
  const field = () => $(`#${id}`);
  const reason = element('div', 'energy-nodes-reason').attr({ id: `${id}-reason`, 'aria-live': 'polite' });
  lastOfField(field()).after(reason);
  return { field, property, reason, description: field().attr('aria-describedby') ?? '' };
}

function reasonOf(node: EditorNode, { field, property }: Explained): string {
  const found = property.validate?.call(node, field().val(), {});
  return typeof found === 'string' ? found : '';
}

function show(node: EditorNode, part: Explained): void {
  const field = part.field();
  const isWrong = field.hasClass('input-error');
  const text = isWrong ? reasonOf(node, part) : '';
  // A screen reader would read the same text again.
  if (part.reason.text() !== text) part.reason.text(text);
  const described = [part.description, ...(text === '' ? [] : [part.reason.attr('id')])].filter(Boolean).join(' ');
  field.attr('aria-describedby', described === '' ? null : described);
  field.attr('aria-invalid', isWrong ? 'true' : null);
}

/** The buttons beside the list of config nodes are links to nowhere, which the keyboard does not reach. */
function reachButton(id: string, name: string): void {
  const button = $(`#${id}`);
  const update = () => {
    const isOff = button.hasClass('disabled');
    button.attr({ role: 'button', 'aria-label': name, 'aria-disabled': String(isOff), tabindex: isOff ? '-1' : '0' });
  };
  button.on('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    button.trigger('click');
  });
  button.closest('.form-row').on('change', 'select', update);
  update();
}

function reachConfigNode(id: string, type: string): void {
  reachButton(id.replace(/^(.*-input)-/, '$1-btn-') + '-edit', RED._('editor.editConfig', { type }));
  reachButton(id.replace(/^(.*-input)-/, '$1-btn-') + '-add', RED._('editor.addNewConfig', { type }));
}

/**
 * Says below each wrong field of the open dialog why it is wrong, in text: the editor says so only to a mouse that rests
 * on the field. The reason is that of the property's `validate`. Wrong credentials are told while they are typed too, for
 * which the dialog needs a field `name`. Makes the buttons of config nodes reachable by the keyboard. To be called in
 * `oneditprepare`.
 */
export function explainFields(node: EditorNode, prefix: Prefix): void {
  const properties: Definition = { ...node._def.defaults, ...node._def.credentials };
  const parts: Explained[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const id = `${prefix}-${name}`;
    if ($(`#${id}`).length === 0) continue;
    if (property.validate) parts.push(explained(id, property));
    if (name in node._def.defaults && property.type) reachConfigNode(id, property.type);
  }
  const showAll = () => {
    for (const part of parts) show(node, part);
  };
  const named = $(`#${prefix}-name`);
  for (const name of Object.keys(node._def.credentials ?? {})) {
    // The editor checks when one of the other fields changes, then all of them.
    $(`#${prefix}-${name}`).on('change keyup paste', () => named.trigger('change'));
  }
  named.closest('.energy-nodes-form').on('change keyup paste', showAll);
  // The editor checks the fields for the first time after this call.
  setTimeout(showAll);
}
