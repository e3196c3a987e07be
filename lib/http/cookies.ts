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
      const ended = attributes.some((each) => /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(each));
      if (value === '' || ended || !/^[\x21-\x7e]+$/.test(value)) this.#cookies.delete(name);
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
