import { createHash, createHmac } from 'node:crypto';

/** What a label stands for. */
export type LabelKind = 'name' | 'place' | 'network' | 'secret' | 'token';

/** Labels and mail addresses as they are given out: a text that was redacted before keeps them. */
export const givenOut = /\[(?:name|place|network|secret|token)-\d+\]|(?<![\w.+%-])user-\d+@example\.invalid(?![\w-])/g;

const attempts = 100;

/** Bytes that follow from a seed, without end. */
function* bytesOf(salt: string, seed: string): Generator<number, never> {
  const key = createHmac('sha256', salt).update(seed).digest();
  for (let block = 0; ; block++) yield* createHash('sha256').update(key).update(String(block)).digest();
}

function letter(first: string, count: number, byte: number): string {
  return String.fromCharCode(first.charCodeAt(0) + (byte % count));
}

function shapedCharacter(character: string, position: number, byte: number): string {
  // A figure in front keeps a number a number of that many digits; a zero there keeps counting as text.
  if (position === 0 && character === '0') return '0';
  if (position === 0 && /[1-9]/.test(character)) return letter('1', 9, byte);
  if (/\d/.test(character)) return letter('0', 10, byte);
  if (/[a-z]/.test(character)) return letter('a', 26, byte);
  return /[A-Z]/.test(character) ? letter('A', 26, byte) : character;
}

/**
 * Replacements of one bundle: the same original always gets the same one, no two originals share one, and what was
 * given out is known again. They follow from the salt, which nobody keeps.
 */
export class Replacements {
  readonly #salt: string;
  readonly #replaced = new Map<string, string>();
  readonly #given = new Set<string>();
  readonly #labels = new Map<LabelKind | 'mail', number>();

  constructor(salt: string) {
    this.#salt = salt;
  }

  /** A text of the same length and shape: figures for figures, letters for letters. */
  shaped(original: string): string {
    return this.made('shape', original, (next) =>
      Array.from(original, (character, position) => shapedCharacter(character, position, next())).join(''),
    );
  }

  /** Hexadecimal digits for such digits, by value: separators and case of the original stay. */
  hexadecimal(original: string): string {
    const digits = original.replaceAll(/[^0-9a-f]/gi, '').toLowerCase();
    const replaced = this.made('hexadecimal', digits, (next) =>
      digits.replaceAll(/./g, (digit) => (/\d/.test(digit) ? letter('0', 10, next()) : letter('a', 6, next()))),
    );
    let position = 0;
    const upper = /[A-F]/.test(original);
    return original.replaceAll(/[0-9a-f]/gi, () => {
      const digit = replaced.charAt(position++);
      return upper ? digit.toUpperCase() : digit;
    });
  }

  /** A label with a number of its own. */
  labelled(kind: LabelKind, original: string): string {
    return this.made(kind, original, () => `[${kind}-${this.#number(kind)}]`);
  }

  /** A mail address that nobody has. */
  mail(original: string): string {
    return this.made('mail', original.toLowerCase(), () => `user-${this.#number('mail')}@example.invalid`);
  }

  /**
   * What stands for the original among its kind; made on first sight, from bytes that `next` gives. A replacement
   * that was given out stands for itself.
   */
  made(kind: string, original: string, make: (next: () => number) => string): string {
    if (this.#given.has(`${kind} ${original}`)) return original;
    const known = this.#replaced.get(`${kind} ${original}`);
    if (known !== undefined) return known;
    const bytes = bytesOf(this.#salt, `${kind} ${original}`);
    const next = (): number => bytes.next().value;
    let made = make(next);
    for (let attempt = 1; attempt < attempts && this.#isTaken(kind, original, made); attempt++) made = make(next);
    this.#replaced.set(`${kind} ${original}`, made);
    this.#given.add(`${kind} ${made}`);
    return made;
  }

  #isTaken(kind: string, original: string, made: string): boolean {
    const name = `${kind} ${made}`;
    return made === original || this.#given.has(name) || this.#replaced.has(name);
  }

  #number(kind: LabelKind | 'mail'): number {
    const number = (this.#labels.get(kind) ?? 0) + 1;
    this.#labels.set(kind, number);
    return number;
  }
}
