import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ProxyEvent } from '../../../../lib/proxy/events.js';
import { createProxy, type Proxy } from '../../../../lib/proxy/proxy.js';
import { deviceCodeGrant } from '../../../../lib/proxy/routes/token.js';
import type { ProxySettings } from '../../../../lib/proxy/settings/settings.js';
import type { SubscribedService, Upstream, UpstreamTokenAnswer } from '../../../../lib/proxy/upstream/upstream.js';
import { openEmbeddedStore } from '../../../../lib/store/records/embedded.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import { freshDirectory } from '../../../support/directory.js';
import { proxyKeys, proxySettings, publicClient, type ChosenSettings } from '../../../support/proxy-settings.js';
import { fakeRequest } from '../http/request.js';

/** A Saturday in November, noon in Paris. */
const noon = Date.parse('2026-11-21T11:00:00Z');

/** Usage points of the tests. */
export const usagePoint = '12345678901234';
export const other = '98765432109876';

/** A server behind that knows what the test says. */
class TestUpstream implements Upstream {
  readonly asked: string[] = [];
  readonly forms: Readonly<Record<string, string>>[] = [];
  /** One answer for each call, the last for all that follow. */
  answers: (readonly SubscribedService[] | Error)[] = [[]];
  tokenAnswer: UpstreamTokenAnswer | Error = { status: 200, body: { access_token: 'from upstream' } };

  services(autorisationId: string): Promise<readonly SubscribedService[]> {
    this.asked.push(autorisationId);
    const answer = this.answers.length > 1 ? this.answers.shift() : this.answers[0];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? []);
  }

  token(form: Readonly<Record<string, string>>): Promise<UpstreamTokenAnswer> {
    this.forms.push(form);
    return this.tokenAnswer instanceof Error ? Promise.reject(this.tokenAnswer) : Promise.resolve(this.tokenAnswer);
  }

  data(): Promise<never> {
    return Promise.reject(new Error('No data are asked for here.'));
  }

  health(): object {
    return {};
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A service as a consent brings it; begun today. */
export function service(chosen: Partial<SubscribedService> = {}): SubscribedService {
  return {
    id: '1',
    usagePoint,
    code: 'ACCES',
    state: 'ACTIF',
    from: '2026-11-21',
    until: '2029-11-20',
    autorisationId: '42',
    ...chosen,
  };
}

/** What a visitor sees of an answer. */
export interface Page {
  readonly status: number;
  readonly text: string;
  /** The value of a header, by lower-case name. */
  header(name: string): string | undefined;
}

/** What a visitor's browser adds. */
export interface Visit {
  readonly form?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

/** A browser: keeps the cookie, follows nothing by itself. */
class Visitor {
  readonly #world: Visits;
  readonly #address: string;
  cookie: string | undefined;

  constructor(world: Visits, address: string) {
    this.#world = world;
    this.#address = address;
  }

  async open(target: string, { form, headers = {}, method }: Visit = {}): Promise<Page> {
    const [path = '', query = ''] = target.replace('https://p.test', '').split('?');
    const answer = await this.#world.proxy.handle(
      fakeRequest({
        method: method ?? (form ? 'POST' : 'GET'),
        path,
        query,
        peer: this.#address,
        body: form ? new URLSearchParams(form).toString() : '',
        headers: {
          'accept-language': 'en',
          ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
          ...(this.cookie !== undefined && { cookie: this.cookie }),
          ...headers,
        },
      }),
    );
    const header = (name: string): string | undefined => answer.headers[name]?.toString();
    this.cookie = header('set-cookie')?.split(';', 1)[0] ?? this.cookie;
    return { status: answer.status, text: answer.body, header };
  }

  /** Opens the form, enters a code and sends it. */
  async enter(code: string, others: Readonly<Record<string, string>> = {}): Promise<Page> {
    const page = await this.open('/device');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    return this.open('/device', { form: { csrf, code, ...others } });
  }

  /** Enters a code and gives the state that the consent page was sent. */
  async claim(code: string): Promise<string> {
    const page = await this.enter(code);
    return new URL(page.header('location') ?? 'about:blank').searchParams.get('state') ?? '';
  }

  /** Comes back from the consent page. */
  comeBack(parameters: Readonly<Record<string, string>>, path = '/auth/redirect'): Promise<Page> {
    return this.open(`${path}?${new URLSearchParams(parameters).toString()}`);
  }
}

/** A proxy over the embedded store, with a clock and a server behind that belong to the test. */
export class Visits {
  readonly proxy: Proxy;
  readonly upstream: TestUpstream;
  readonly events: ProxyEvent[] = [];
  now = noon;
  #addresses = 0;

  constructor(store: RecordStore, settings: ProxySettings, upstream = new TestUpstream()) {
    this.upstream = upstream;
    this.proxy = createProxy({
      settings,
      store,
      keys: proxyKeys,
      upstream,
      onEvent: (event) => this.events.push(event),
      now: () => this.now,
    });
  }

  /** A browser at an address of its own, unless one is named. */
  visitor(address?: string): Visitor {
    this.#addresses += 1;
    return new Visitor(this, address ?? `192.0.2.${String(this.#addresses)}`);
  }

  /** A device's code. */
  async begin(scope?: string): Promise<{ deviceCode: string; userCode: string }> {
    const form = { client_id: publicClient, ...(scope !== undefined && { scope }) };
    const { text } = await this.visitor().open('/device/code', { form });
    const answer = JSON.parse(text) as Record<string, unknown>;
    return { deviceCode: String(answer['device_code']), userCode: String(answer['user_code']) };
  }

  /** Asks for the tokens as the device, with patience. */
  async poll(deviceCode: string): Promise<{ status: number; body: Record<string, unknown> }> {
    this.now += 31_000;
    const form = { client_id: publicClient, grant_type: deviceCodeGrant, device_code: deviceCode };
    const { status, text } = await this.visitor().open('/device/token', { form });
    return { status, body: JSON.parse(text) as Record<string, unknown> };
  }

  /** Asks, and gives the error that the device is told. */
  async pollError(deviceCode: string): Promise<unknown> {
    return (await this.poll(deviceCode)).body['error'];
  }

  /** A device's code that a visitor claimed. */
  async claimed(scope?: string): Promise<{ deviceCode: string; visitor: Visitor; state: string }> {
    const { deviceCode, userCode } = await this.begin(scope);
    const visitor = this.visitor();
    return { deviceCode, visitor, state: await visitor.claim(userCode) };
  }
}

/** Gives the tests of a suite a store, and worlds with settings of their own over it. */
export function visits(): (settings?: ChosenSettings) => Promise<Visits> {
  const directory = freshDirectory();
  const stores: RecordStore[] = [];
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
  });
  return async (settings) => {
    const store = stores[0] ?? (await openEmbeddedStore({ directory: join(directory(), 'store') }));
    if (stores.length === 0) stores.push(store);
    return new Visits(store, proxySettings({ severalUsagePoints: false, consentFreshness: 1, ...settings }));
  };
}

/** The page that a browser ends on after the callback went well. */
export async function confirmed(visitor: Visitor, page: Page): Promise<void> {
  assert.equal(page.status, 303, page.text);
  assert.equal(page.header('location'), 'https://p.test/auth/done');
  const final = await visitor.open('/auth/done');
  assert.equal(final.status, 200);
  assert.match(final.text, /Your consent is recorded/);
}

/** The page has this status and says this. */
export function tells(page: Page, status: number, text: RegExp): void {
  assert.equal(page.status, status, page.text);
  assert.match(page.text, text);
}
