/** An element with a class and a text; the text is never read as HTML. */
export function element(name: string, className = '', text = ''): JQuery {
  const created = $(document.createElement(name));
  if (className) created.addClass(className);
  if (text) created.text(text);
  return created;
}

/** An icon of the editor's own set; the text beside it says what it means, so it is hidden from screen readers. */
export function icon(name: string, className = ''): JQuery {
  return element('i', `fa fa-${name} ${className}`.trim()).attr('aria-hidden', 'true');
}

/** What a field of the dialog holds, without white space around it. */
export function fieldText(field: JQuery): string {
  const value = field.val();
  return typeof value === 'string' ? value.trim() : '';
}
