import { wait } from '../../lib/async/retry.js';
import { asEnergyError, EnergyError } from '../../lib/errors.js';
import type { ProxyEvent } from '../../lib/proxy/events.js';
import type { ProxyRequest, ProxyResponse } from '../../lib/proxy/http/types.js';
import type { Log } from '../../lib/proxy/log.js';
import type { ProxyHealth } from '../../lib/proxy/proxy.js';
import type { ProxyService } from '../../lib/proxy/service.js';
import type { NodeSettings } from './settings.js';
import { unavailable } from './unavailable.js';

/** Who is told what happens; none of them may throw. */
export interface ProxyListeners {
  readonly onEvent: (event: ProxyEvent) => void;
  /** The store is open: requests are answered from now on. */
  readonly onReady: () => void;
  /** It could not be opened. With `retrying` it is tried again; the same reason is told once. */
  readonly onFailure: (error: EnergyError, retrying: boolean) => void;
  /** A request was answered. */
  readonly onAnswer: () => void;
  readonly log: Log;
}

/** Waits between two attempts to open the store, ms: doubled from the first to the last. */
const firstWait = 250;
const longestWait = 60_000;
/** How often the lock of a store that is just being closed is waited for before it counts as a failure. */
const silentLocks = 4;
/** How long requests under way are waited for, ms. Node-RED gives a node 15 s to close. */
const drainTime = 8_000;

function reasonOf({ code, parameters }: EnergyError): string {
  return `${code} ${String(parameters['reason'] ?? '')}`;
}

/** The proxy of a node, from its opening to its close. */
export class RunningProxy {
  readonly #settings: NodeSettings;
  readonly #listeners: ProxyListeners;
  readonly #closing = new AbortController();
  readonly #opened: Promise<void>;
  #service: ProxyService | undefined;
  #underWay = 0;
  #idle: (() => void) | undefined;

  /** Begins to open the store. */
  constructor(settings: NodeSettings, listeners: ProxyListeners) {
    this.#settings = settings;
    this.#listeners = listeners;
    this.#opened = this.#open();
  }

  /** Answers a request; 503 while the store is not open. Never rejects. */
  readonly handle = async (request: ProxyRequest): Promise<ProxyResponse> => {
    const service = this.#service;
    if (!service || this.#isClosing()) return unavailable(this.#settings.proxy, request);
    this.#underWay++;
    try {
      return await service.proxy.handle(request);
    } finally {
      this.#underWay--;
      if (this.#underWay === 0) this.#idle?.();
      this.#listeners.onAnswer();
    }
  };

  /** How the store and the server behind are; `undefined` while the store is not open. */
  async health(): Promise<ProxyHealth | undefined> {
    return this.#service?.proxy.health();
  }

  /** Refuses new requests, waits for those under way, and closes the store. */
  async close(): Promise<void> {
    this.#closing.abort();
    // One on its way to a database locks nothing: it is closed as soon as it is open.
    if (this.#settings.store.kind === 'embedded' || this.#service) await this.#opened;
    await this.#drained();
    await this.#service?.close();
  }

  #isClosing(): boolean {
    return this.#closing.signal.aborted;
  }

  async #open(): Promise<void> {
    const { signal } = this.#closing;
    let told = '';
    for (let attempt = 1; !this.#isClosing(); attempt++) {
      try {
        await this.#openOnce();
        return;
      } catch (raw) {
        const error = asEnergyError(raw);
        const retrying = error.code === 'storage_failed';
        const silent = error.parameters['reason'] === 'locked' && attempt <= silentLocks;
        if (!this.#isClosing() && !silent && told !== reasonOf(error)) {
          told = reasonOf(error);
          this.#listeners.onFailure(error, retrying);
        }
        if (!retrying) return;
        await wait(Math.min(longestWait, firstWait * 2 ** (attempt - 1)), signal).catch(() => undefined);
      }
    }
  }

  async #openOnce(): Promise<void> {
    const { openProxyService } = await import('../../lib/proxy/service.js');
    const { log, onEvent } = this.#listeners;
    const service = await openProxyService({ ...this.#settings, log, onEvent });
    if (this.#isClosing()) {
      await service.close();
      return;
    }
    this.#service = service;
    this.#listeners.onReady();
  }

  async #drained(): Promise<void> {
    if (this.#underWay === 0) return;
    const patience = new AbortController();
    const idle = new Promise<void>((resolve) => (this.#idle = resolve));
    await Promise.race([idle, wait(drainTime, patience.signal).catch(() => undefined)]);
    patience.abort();
  }
}
