/** What is done to the parts of a JSON text. Keys come with the nearest one first. */
export interface JsonVisitor {
  key(text: string): string;
  string(text: string, keys: readonly string[]): string;
  /** @param figures the number as it is written */
  number(figures: string, keys: readonly string[]): string;
  /** What should not stand there: the text is no good JSON. */
  other(text: string): string;
}

const tokens =
  /"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=[\s,:\]}]|$)|[{}[\],:]|\s+|(?:true|false|null)(?=[\s,\]}]|$)|[^"{}[\],:\s]+/g;

/** The text of a token in quotes; as it stands where it is cut off or holds what JSON does not allow. */
function unquoted(token: string): string | undefined {
  try {
    return JSON.parse(token) as string;
  } catch {
    return undefined;
  }
}

/** The text of a token that lacks its end, without an escape that was cut through. */
function cutOff(token: string): string | undefined {
  return unquoted(`${token}"`) ?? unquoted(`${token.replace(/\\(?:u[0-9a-f]{0,3})?$/i, '')}"`);
}

function quotedMapped(token: string, map: (text: string) => string): string {
  const whole = unquoted(token);
  const text = whole ?? cutOff(token);
  if (text === undefined) return `"${map(token.slice(1))}`;
  const mapped = map(text);
  if (mapped === text) return token;
  const quoted = JSON.stringify(mapped);
  return whole === undefined ? quoted.slice(0, -1) : quoted;
}

/** The objects and arrays that are open, each with the key that was read last in it. */
class OpenKeys {
  #open: (string | undefined)[] = [];

  /** The keys around the next value, the nearest first. */
  get keys(): string[] {
    return this.#open.filter((key) => key !== undefined).reverse();
  }

  opened(): void {
    this.#open.push(undefined);
  }

  closed(): void {
    this.#open.pop();
  }

  named(key: string): void {
    this.#open.pop();
    this.#open.push(key);
  }
}

/**
 * A JSON text with its parts replaced and everything else as it stands, spacing and spelling of numbers included. It
 * need not be whole: an answer that was cut off is worked through to where it ends.
 */
export function mapJson(text: string, visitor: JsonVisitor): string {
  const open = new OpenKeys();
  return text.replaceAll(tokens, (token, position: number) => {
    const first = token.charAt(0);
    if (first === '{' || first === '[') open.opened();
    else if (first === '}' || first === ']') open.closed();
    else if (first === '"') {
      if (!/^\s*:/.test(text.slice(position + token.length, position + token.length + 20))) {
        return quotedMapped(token, (value) => visitor.string(value, open.keys));
      }
      open.named(unquoted(token) ?? token);
      return quotedMapped(token, (key) => visitor.key(key));
    } else if (/^-?\d[\d.eE+-]*$/.test(token)) return visitor.number(token, open.keys);
    else if (!/^(?:[,:\s]|true$|false$|null$)/.test(token)) return visitor.other(token);
    return token;
  });
}

/** Whether a text is JSON, whole or cut off. */
export function looksLikeJson(text: string): boolean {
  return /^\s*(?:\{\s*(?:"|\}|$)|\[\s*(?:[[{"\]]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\s*[,\]]|$))/.test(text);
}
