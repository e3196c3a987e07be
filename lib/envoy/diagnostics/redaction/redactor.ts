import { isIP } from 'node:net';
import { looksLikeJson, mapJson, type JsonVisitor } from './json-text.js';
import { isCommonWord, isEidKey, isQuantityKey, isTimeKey, kindOf, saysNothing, type ValueKind } from './keys.js';
import { looksLikeMarkup, mapMarkup } from './markup.js';
import { redactPlainText, type PlainText } from './plain-text.js';
import { Replacements, type LabelKind } from './replacements.js';
import { zoneOfOffset } from './time-zone.js';

/** Words shorter than this are replaced only where they stand for what they are, not wherever they occur. */
const shortestWord = 6;
const shortestSecret = 4;
/** Numbers of fewer figures count or enumerate, whatever their key. */
const shortestSerial = 8;
/** Numbers of so many figures are serial numbers where their key names no quantity. */
const serialLength = 12;
/** Seconds since the epoch, 2010 to 2040. */
const timeRange: readonly [number, number] = [1_262_304_000, 2_208_988_800];

const labels: Readonly<Record<'name' | 'place' | 'network' | 'secret', LabelKind>> = {
  name: 'name',
  place: 'place',
  network: 'network',
  secret: 'secret',
};

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isTime(text: string, key: string | undefined): boolean {
  return /^\d{10}$/.test(text) && isTimeKey(key) && Number(text) >= timeRange[0] && Number(text) < timeRange[1];
}

/** Whether a text is one address of a network, a machine or a person as a whole. */
function isAddress(text: string): boolean {
  return isIP(text) !== 0 || /^(?:[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5,}|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)$/i.test(text);
}

/**
 * Takes out of texts what tells who and where a system is, and what opens it. What it saw under a telling key in one
 * text (a serial number, the name of a network) it knows again in all texts that come after; so a set of texts is
 * shown to it twice, and the second results are the good ones. A text that it redacted stays as it is.
 */
export class Redactor {
  readonly #replacements: Replacements;
  readonly #plain: { -readonly [Key in keyof PlainText]: PlainText[Key] };
  readonly #open = new Set<string>();
  readonly #keys = new Set<string>();
  readonly #words = new Map<string, string>();
  readonly #secrets: [RegExp, (found: string) => string][] = [];
  readonly #json: JsonVisitor;
  #changed = false;

  /**
   * @param salt what the replacements follow from; a random one that is not kept
   * @param at the moment for offsets of time zones, ms since the epoch
   */
  constructor(salt: string, at: number) {
    this.#replacements = new Replacements(salt);
    this.#plain = { replacements: this.#replacements, words: [], open: this.#open, at };
    this.#json = {
      key: (text) => this.#key(text),
      string: (text, keys) => this.#value(text, keys),
      number: (figures, keys) => this.#number(figures, keys),
      other: (text) => this.#looks(text),
    };
  }

  /** Replaces a text that is known to be secret wherever it stands, within words too. */
  hide(secret: string): void {
    if (secret.trim().length < shortestSecret) return;
    const replace = (found: string) => this.#replacements.labelled('secret', found);
    this.#secrets.push([new RegExp(escaped(secret.trim()), 'gi'), replace]);
    this.#changed = true;
  }

  /** A serial number of the gateway; its end, which is a password and part of names, is replaced to match. */
  serial(text: string): string {
    const replaced = this.#serial(text);
    if (/^\d{10,}$/.test(text)) this.#learn(text.slice(-6), replaced.slice(-6));
    return replaced;
  }

  /** A text of whatever format: JSON, XML, HTML or none. */
  text(text: string): string {
    this.#collect();
    return this.#text(text);
  }

  /** A text in which nothing goes by keys. */
  plain(text: string): string {
    this.#collect();
    return this.#looks(text);
  }

  #text(text: string): string {
    if (looksLikeJson(text)) {
      const mapped = mapJson(text, this.#json);
      // What is no JSON after all may hold anything between its quotes.
      return isJson(text) ? mapped : this.#looks(mapped);
    }
    if (looksLikeMarkup(text)) return mapMarkup(text, (part, names) => this.#value(part, names));
    return this.#looks(text);
  }

  #looks(text: string): string {
    return redactPlainText(text, this.#plain);
  }

  /** Keys of the gateway's own are no names, even where somebody named something like one. */
  #key(text: string): string {
    if (/^[a-z]|_/.test(text) && !this.#keys.has(text)) {
      this.#keys.add(text);
      if (this.#words.delete(text)) this.#changed = true;
    }
    return this.#looks(text);
  }

  #value(text: string, keys: readonly string[]): string {
    const kind = kindOf(keys);
    if (kind === undefined) {
      if (isEidKey(keys[0]) && /^\d+$/.test(text)) return this.#left(text);
      if (isTime(text, keys[0])) return text;
      return looksLikeJson(text) ? this.#text(text) : this.#looks(text);
    }
    return text.trim() === '' || saysNothing(text, kind) ? text : this.#replaced(text, kind);
  }

  #replaced(text: string, kind: ValueKind): string {
    if (kind !== 'secret' && isAddress(text)) return this.#looks(text);
    if (kind === 'serial') return this.#serial(text);
    if (kind === 'coordinate') return /^[-+\d.,;\s°'"NSEOW]*$/i.test(text) ? '0' : this.#labelled('place', text);
    if (kind === 'zone') return zoneOfOffset(text, this.#plain.at) ?? this.#labelled('place', text);
    return this.#labelled(labels[kind], text);
  }

  #serial(text: string): string {
    // Parts of a gateway have its number with a suffix of their own: `122446001637EIM1`.
    const replaced = /\d{10}/.test(text)
      ? text.replaceAll(/\d{10,}/g, (digits) => this.#replacements.shaped(digits))
      : this.#replacements.shaped(text);
    if (!/^\d{10,}$/.test(text)) this.#learn(text, replaced);
    return replaced;
  }

  #labelled(kind: LabelKind, text: string): string {
    const replaced = this.#replacements.labelled(kind, text);
    this.#learn(text, replaced);
    return replaced;
  }

  #number(figures: string, keys: readonly string[]): string {
    const kind = kindOf(keys.slice(0, 1)) ?? (kindOf(keys) === 'coordinate' ? 'coordinate' : undefined);
    const whole = /^\d+$/.test(figures);
    if (isEidKey(keys[0])) return this.#left(figures);
    if (kind === 'coordinate') return '0';
    if ((kind === 'secret' || kind === 'place') && figures.length >= shortestSecret) return '0';
    if (kind === 'serial' && whole && figures.length >= shortestSerial) return this.#replacements.shaped(figures);
    if (!whole || isQuantityKey(keys[0])) return figures;
    return figures.length === serialLength ? this.#replacements.shaped(figures) : figures;
  }

  /** Notes a number that may stay wherever it stands. */
  #left(figures: string): string {
    this.#open.add(figures);
    return figures;
  }

  #learn(word: string, replacement: string): void {
    if (word === replacement || word.length < shortestWord || this.#words.has(word)) return;
    if (isCommonWord(word) || this.#keys.has(word)) return;
    this.#words.set(word, replacement);
    this.#changed = true;
  }

  /** Makes what was learned from the texts so far known to the next one. */
  #collect(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const known = [...this.#words.keys()].sort((a, b) => b.length - a.length).map(escaped);
    const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${known.join('|')})(?![\\p{L}\\p{N}])`, 'gu');
    const replace = (found: string) => this.#words.get(found) ?? found;
    this.#plain.words = [...this.#secrets, ...(known.length > 0 ? [[pattern, replace] as const] : [])];
  }
}
