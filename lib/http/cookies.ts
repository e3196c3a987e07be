const names = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const values = /^[\x21-\x7e]+$/;

/** Whether the attributes of a cookie end it; of the two that may say so `Max-Age` counts (RFC 6265 5.3). */
function isEnded(attributes: readonly string[]): boolean {
  const valueOf = (name: string) => {
    const found = attributes.findLast((each) => each.split('=')[0]?.trim().toLowerCase() === name);
    return found?.slice(found.indexOf('=') + 1).trim() ?? '';
  };
  const seconds = valueOf('max-age');
  if (/^-?\d+$/.test(seconds)) return Number(seconds) <= 0;
  return Date.parse(valueOf('expires')) <= Date.now();
}

/** The cookies of one server. They are secrets: nothing but requests to that server carries them. */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** Takes over what `Set-Cookie` headers say; an empty or expired cookie is dropped. */
  accept(header: string | string[] | undefined): void {
    for (const line of header === undefined ? [] : [header].flat()) {
      const [pair = '', ...attributes] = line.split(';');
      const separator = pair.indexOf('=');
      if (separator < 1) continue;
      const name = pair.slice(0, separator).trim();
      const value = pair.slice(separator + 1).trim();
      if (!names.test(name)) continue;
      if (!values.test(value) || isEnded(attributes)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  /** Value of the `Cookie` header; `undefined` where there is none to send. */
  get header(): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Everything in the jar, to be kept sealed. */
  entries(): [string, string][] {
    return [...this.#cookies];
  }

  /** Starts anew with the given cookies. */
  reset(entries: Iterable<readonly [string, string]> = []): void {
    this.#cookies.clear();
    for (const [name, value] of entries) this.#cookies.set(name, value);
  }
}
