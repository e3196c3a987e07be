/** What is done to texts and attributes. Names of elements come with the nearest one first. */
export type MarkupText = (text: string, names: readonly string[]) => string;

const parts = /<!--[\s\S]*?(?:-->|$)|<!\[CDATA\[[\s\S]*?(?:\]\]>|$)|<[^<>]*>|[^<]+|</g;
const attributes = /([\w:.-]+)(\s*=\s*)(?:"([^"]*)"|'([^']*)')/g;
/** Elements of HTML that are never closed. */
const empty = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (entity, decimal, hexadecimal, name) => {
    if (typeof name === 'string') return entities[name] ?? entity;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hexadecimal), 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : entity;
  });
}

function encoded(text: string): string {
  const characters: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => characters[character] ?? character);
}

/** The text between its leading and trailing blanks mapped; as it stands where nothing changes. */
function mapped(raw: string, names: readonly string[], map: MarkupText): string {
  const text = decoded(raw);
  const middle = text.trim();
  if (middle === '') return raw;
  const result = map(middle, names);
  if (result === middle) return raw;
  const start = text.indexOf(middle);
  return encoded(text.slice(0, start) + result + text.slice(start + middle.length));
}

function mappedTag(tag: string, map: MarkupText): string {
  const element = /^<\s*([\w:.-]+)/.exec(tag)?.[1];
  return tag.replaceAll(attributes, (whole, name: string, sign: string, double?: string, single?: string) => {
    const value = double ?? single ?? '';
    // The attribute `name` names a part of the page or the document, never a person.
    const names = name === 'name' || element === undefined ? [] : [name];
    const quote = double === undefined ? "'" : '"';
    const result = mapped(value, names, map);
    return result === value ? whole : `${name}${sign}${quote}${result.replaceAll("'", '&#39;')}${quote}`;
  });
}

/** XML or HTML with its texts, comments and values of attributes mapped, and everything else as it stands. */
export function mapMarkup(text: string, map: MarkupText): string {
  const open: string[] = [];
  return text.replaceAll(parts, (part) => {
    if (part.startsWith('<!--') || part.startsWith('<![CDATA[')) return map(part, open);
    if (!part.startsWith('<')) return mapped(part, open, map);
    const [, closing, name = '', own] = /^<\s*(\/?)\s*([\w:.-]+)[\s\S]*?(\/?)>$/.exec(part) ?? [];
    if (name !== '' && closing) open.splice(0, open.indexOf(name) + 1);
    else if (name !== '' && !own && !empty.test(name)) open.unshift(name);
    return mappedTag(part, map);
  });
}

/** Whether a text is XML or HTML. */
export function looksLikeMarkup(text: string): boolean {
  return /^\s*</.test(text);
}
