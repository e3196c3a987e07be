/** What may stand in a page: markup that `html` made, or plain text, which is escaped. Nothing for absent and false. */
export type Content = SafeHtml | string | number | false | undefined | readonly Content[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** The text as it stands in an element or in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => escapes[character] ?? '');
}

/** Markup whose every foreign part is escaped. Only `html` makes it: a string can never pass for one. */
export class SafeHtml {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  /** Behind `html`; the strings come from a template in the source. */
  static fromTemplate(strings: TemplateStringsArray, values: readonly Content[]): SafeHtml {
    return new SafeHtml(strings.map((part, index) => part + SafeHtml.#render(values[index])).join(''));
  }

  static #render(content: Content): string {
    if (content === undefined || content === false) return '';
    if (content instanceof SafeHtml) return content.#markup;
    if (Array.isArray(content)) return content.map((each: Content) => SafeHtml.#render(each)).join('');
    return escapeHtml(String(content));
  }

  /** The markup. */
  toString(): string {
    return this.#markup;
  }
}

/**
 * Makes markup of a template. What is inserted is escaped unless `html` made it, arrays are joined. Attribute values
 * must be quoted in the template. Source: spec/device-flow D20, 8.1 (4).
 */
export function html(strings: TemplateStringsArray, ...values: Content[]): SafeHtml {
  return SafeHtml.fromTemplate(strings, values);
}
