import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EarlierTokens } from '../../lib/proxy/context.js';
import type { ProxyEvent } from '../../lib/proxy/events.js';
import { recordKinds } from '../../lib/proxy/records/kinds.js';
import { deviceCodeGrant } from '../../lib/proxy/routes/token.js';
import type { ProxySettings } from '../../lib/proxy/settings/settings.js';
import { openEmbeddedStore } from '../../lib/store/records/embedded.js';
import { openMongoStore } from '../../lib/store/records/mongodb.js';
import { observedStore } from '../../lib/store/records/observed.js';
import type { RecordStore } from '../../lib/store/records/store.js';
import { startEnedis, type EnedisOptions } from '../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../simulator/enedis/types.js';
import { proxyKeys, proxySettings, publicClient, type ChosenSettings } from './proxy-settings.js';
import type { Browser, ShownPage } from './proxy/browser.js';
import { steerableClock, type SteerableClock } from './proxy/clock.js';
import type { WireAnswer } from './proxy/exchange.js';
import { ProxyInstance } from './proxy/instance.js';

export { publicClient, type ChosenSettings } from './proxy-settings.js';
export { formOf, unescaped, Browser, type ShownPage } from './proxy/browser.js';
export type { WireAnswer } from './proxy/exchange.js';
export type { ProxyInstance } from './proxy/instance.js';

/** A MongoDB database that a world keeps its records in. */
interface MongoPlace {
  readonly mongodb: string;
  readonly database?: string;
}

/** What a world is made of. */
export interface WorldOptions {
  /** Default: `https://p.test` in front of the simulated Enedis, this machine trusted as reverse proxy. */
  readonly settings?: ChosenSettings;
  /** Default `embedded`, in a directory of its own. */
  readonly store?: 'embedded' | MongoPlace;
  readonly enedis?: Omit<EnedisOptions, 'now' | 'host' | 'port' | 'tls'>;
  /** Where the clock starts; default a November noon after the change to Data Connect 2026. */
  readonly start?: number;
  /** Tokens of an earlier server, made of the store. */
  readonly earlier?: (store: RecordStore, settings: ProxySettings) => EarlierTokens;
}

/** A device code as a device holds it. */
export interface DeviceCode {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly interval: number;
  readonly expiresIn: number;
  readonly verificationUri: string;
  readonly answer: WireAnswer;
}

/** Tokens as a device holds them. */
export interface DeviceTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly usagePoints: readonly string[];
  readonly expiresIn: number;
  readonly answer: WireAnswer;
}

/** How a dance goes. */
export interface DanceOptions {
  /** Customer of the simulator; default the first one. */
  readonly customer?: string;
  /** Default the customer's first. */
  readonly usagePoints?: readonly string[];
  /** Default a new one. */
  readonly browser?: Browser;
  /** Where each step happens; default the first instance. */
  readonly at?: ProxyInstance;
}

/** A dance that came to its end. */
export interface FinishedDance {
  readonly code: DeviceCode;
  readonly browser: Browser;
  /** Where Enedis sent the browser back to. */
  readonly callback: string;
  /** The page at the end. */
  readonly page: ShownPage;
  readonly tokens: DeviceTokens;
}

/** 2026-11-20 12:00 in Paris. */
const usualStart = Date.UTC(2026, 10, 20, 11);

async function openStore(options: WorldOptions, directory: string, now: () => number): Promise<RecordStore> {
  const { store = 'embedded' } = options;
  if (store === 'embedded') return openEmbeddedStore({ directory, now });
  const place = store.database === undefined ? {} : { database: store.database };
  return openMongoStore({ uri: store.mongodb, kinds: recordKinds, ...place });
}

function member(answer: WireAnswer, name: string): string {
  const value = answer.json[name];
  assert.equal(typeof value, 'string', `${name} is missing: ${answer.text}`);
  return value as string;
}

/**
 * A whole world on loopback: a real server over a real store, a simulated Enedis behind it, a clock that stands until it
 * is set, devices and browsers. Every dance comes from an address of its own, so that limits do not meet by chance.
 */
export class ProxyWorld {
  readonly settings: ProxySettings;
  readonly enedis: SimulatedEnedis;
  readonly clock: SteerableClock;
  /** Of all instances. */
  readonly events: ProxyEvent[] = [];
  readonly instances: ProxyInstance[] = [];
  /** Where the embedded store keeps its files. */
  readonly directory: string;
  /** Writes to the store so far, of all instances. */
  writes = 0;
  readonly #options: WorldOptions;
  readonly #stores: RecordStore[] = [];
  #addresses = 0;

  private constructor(options: WorldOptions, enedis: SimulatedEnedis, clock: SteerableClock, directory: string) {
    this.#options = options;
    this.directory = directory;
    this.enedis = enedis;
    this.clock = clock;
    this.settings = proxySettings({
      clientId: enedis.application.clientId,
      clientSecret: enedis.application.clientSecret,
      endpoints: enedis.endpoints,
      trustedProxies: ['127.0.0.1'],
      ...options.settings,
    });
    enedis.setRedirectUrl(`${this.settings.publicUrl}/auth/redirect`);
  }

  static async start(options: WorldOptions = {}): Promise<ProxyWorld> {
    const clock = steerableClock(options.start ?? usualStart);
    const enedis = await startEnedis({ ...options.enedis, now: clock.now });
    const directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
    const world = new ProxyWorld(options, enedis, clock, directory);
    try {
      await world.addInstance();
    } catch (error) {
      await world.close();
      throw error;
    }
    return world;
  }

  /** The first instance. */
  get first(): ProxyInstance {
    const [first] = this.instances;
    assert.ok(first);
    return first;
  }

  /** The store of the first instance. */
  get store(): RecordStore {
    const [store] = this.#stores;
    assert.ok(store);
    return store;
  }

  /**
   * One more instance on the same records. With MongoDB it has connections of its own; the embedded store belongs to one
   * process, so there it shares the store and nothing else.
   */
  async addInstance(): Promise<ProxyInstance> {
    const [opened] = this.#stores;
    const embedded = (this.#options.store ?? 'embedded') === 'embedded';
    const known = embedded ? opened : undefined;
    const store = known ?? (await this.#open());
    if (!known) this.#stores.push(store);
    const earlier = this.#options.earlier?.(store, this.settings);
    const instance = await ProxyInstance.start({
      settings: this.settings,
      store,
      keys: proxyKeys,
      now: this.clock.now,
      onEvent: (event) => this.events.push(event),
      ...(earlier && { earlier }),
    });
    this.instances.push(instance);
    return instance;
  }

  async #open(): Promise<RecordStore> {
    const store = await openStore(this.#options, this.directory, this.clock.now);
    return observedStore(store, (operation) => {
      if (operation === 'insert' || operation === 'replace' || operation === 'delete') this.writes++;
    });
  }

  /** Posts a form to the first instance; a text is sent as it is. */
  form(...given: Parameters<ProxyInstance['form']>): Promise<WireAnswer> {
    return this.first.form(...given);
  }

  /** Asks the first instance. */
  get(...given: Parameters<ProxyInstance['get']>): Promise<WireAnswer> {
    return this.first.get(...given);
  }

  /** Headers by which the proxy sees a client at an address that nobody else has. */
  newAddress(): Record<string, string> {
    const number = ++this.#addresses;
    return { 'x-forwarded-for': `10.${String(number >> 16)}.${String((number >> 8) & 255)}.${String(number & 255)}` };
  }

  /** A new browser at an address of its own. */
  browser(at = this.first): Browser {
    return at.browser(this.newAddress());
  }

  /** Asks for a device code. */
  async begin(at = this.first): Promise<DeviceCode> {
    const answer = await at.form('/device/code', { client_id: publicClient }, this.newAddress());
    assert.equal(answer.status, 200, answer.text);
    return {
      deviceCode: member(answer, 'device_code'),
      userCode: member(answer, 'user_code'),
      interval: Number(answer.json['interval']),
      expiresIn: Number(answer.json['expires_in']),
      verificationUri: member(answer, 'verification_uri'),
      answer,
    };
  }

  /** Enters a user code. @returns the address of the consent page that the browser is sent to */
  async enter(userCode: string, browser: Browser): Promise<string> {
    const form = await browser.open(`/device?code=${userCode}`);
    const { status, location, text } = await browser.submit(form);
    assert.equal(status, 303, text);
    assert.ok(location);
    return location;
  }

  /** Asks for the tokens. */
  poll(deviceCode: string, at = this.first): Promise<WireAnswer> {
    const members = { client_id: publicClient, grant_type: deviceCodeGrant, device_code: deviceCode };
    return at.form('/device/token', members);
  }

  /** The tokens of an answer. */
  tokens(answer: WireAnswer): DeviceTokens {
    assert.equal(answer.status, 200, answer.text);
    return {
      accessToken: member(answer, 'access_token'),
      refreshToken: member(answer, 'refresh_token'),
      usagePoints: member(answer, 'usage_points_id').split(','),
      expiresIn: Number(answer.json['expires_in']),
      answer,
    };
  }

  /** Code, page, consent at Enedis, callback, tokens. */
  async dance({ customer, usagePoints, at = this.first, ...given }: DanceOptions = {}): Promise<FinishedDance> {
    const browser = given.browser ?? this.browser(at);
    const code = await this.begin(at);
    const authorizeUrl = await this.enter(code.userCode, browser);
    const callback = await this.enedis.consent({
      authorizeUrl,
      ...(customer !== undefined && { customer }),
      ...(usagePoints !== undefined && { usagePoints }),
    });
    const page = await browser.follow(await browser.open(callback));
    assert.equal(page.status, 200, page.text);
    const tokens = this.tokens(await this.poll(code.deviceCode, at));
    return { code, browser, callback, page, tokens };
  }

  /** Refreshes tokens. */
  refresh(refreshToken: string, at = this.first): Promise<WireAnswer> {
    const members = { client_id: publicClient, grant_type: 'refresh_token', refresh_token: refreshToken };
    return at.form('/device/token', members);
  }

  /** Reads a v5 path for a usage point. */
  data(
    accessToken: string,
    path: string,
    query: Readonly<Record<string, string>>,
    at = this.first,
  ): Promise<WireAnswer> {
    const text = new URLSearchParams(query).toString();
    return at.get(`/data/proxy/${path}?${text}`, { authorization: `Bearer ${accessToken}` });
  }

  /** Ends everything and removes the records of the embedded store. */
  async close(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.close()));
    await Promise.all(this.#stores.map((store) => store.close()));
    await this.enedis.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
