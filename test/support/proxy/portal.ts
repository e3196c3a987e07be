import { formOf } from './browser.js';

/** A page of another server, as a browser shows it. */
export interface PortalPage {
  readonly url: string;
  readonly text: string;
}

/** A browser on another server than the proxy: follows redirections and keeps cookies there, and stops where it leaves. */
export class Portal {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();
  #page: PortalPage = { url: '', text: '' };
  #left: string | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  open(address: string): Promise<PortalPage> {
    return this.#load(address);
  }

  /** Sends the form of the page with these fields filled in. */
  submit(fields: Readonly<Record<string, string>>): Promise<PortalPage> {
    const { action, fields: filled } = formOf(this.#page);
    return this.#load(action, new URLSearchParams({ ...filled, ...fields }));
  }

  /** Takes the step that leads away. @returns where to */
  async leave(step: () => Promise<PortalPage>): Promise<string> {
    const page = await step();
    if (this.#left === undefined) throw new Error(`Still there, on ${page.url}: ${page.text}`);
    return this.#left;
  }

  async #load(address: string, form?: URLSearchParams): Promise<PortalPage> {
    let url = new URL(address, this.#page.url || undefined).href;
    let body = form;
    while (new URL(url).origin === this.#origin) {
      const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, {
        redirect: 'manual',
        headers: { cookie },
        ...(body && { method: 'POST', body }),
      });
      this.#keep(answer.headers.getSetCookie());
      const location = answer.headers.get('location');
      this.#page = { url, text: await answer.text() };
      if (location === null) return this.#page;
      url = new URL(location, url).href;
      body = undefined;
    }
    this.#left = url;
    return this.#page;
  }

  #keep(cookies: readonly string[]): void {
    for (const cookie of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}
