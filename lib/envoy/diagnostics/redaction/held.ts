const marks = /[\uE000\uE001]/g;
const places = /\uE000(\d+)\uE001/g;

/**
 * A text in which parts are put out of reach one after another: what was replaced once is not looked at again, so that
 * no pattern sees the replacement of another.
 */
export class Held {
  #text: string;
  readonly #parts: string[] = [];

  constructor(text: string) {
    this.#text = text;
    // Characters that serve as marks here are parts themselves where the text has them.
    this.hold(marks, (mark) => mark);
  }

  /** Replaces and puts away what the pattern finds; leaves what `replace` gives nothing for to other patterns. */
  hold(pattern: RegExp, replace: (found: string) => string | undefined): void {
    this.#text = this.#text.replaceAll(pattern, (found: string) => {
      const replacement = replace(found);
      if (replacement === undefined) return found;
      return `\uE000${this.#parts.push(replacement) - 1}\uE001`;
    });
  }

  /** The whole text with the parts in their places. */
  get text(): string {
    return this.#text.replaceAll(places, (_mark, index: string) => this.#parts[Number(index)] ?? '');
  }
}
