import assert from 'node:assert/strict';
import type { AccountListener, DeviceFlowAccount } from '../../../lib/device-flow/account.js';
import type { Clock, Moment } from '../../../lib/device-flow/clock.js';
import { createDeviceFlowAccount, type AccountTransport } from '../../../lib/device-flow/device-flow-account.js';
import type { AccountMemory } from '../../../lib/device-flow/memory.js';
import { loadOAuth } from '../../../lib/device-flow/requests.js';
import type { DeviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { Transport, type TransportReply, type TransportRequest } from '../../../lib/http/transport.js';
import { createMeterApi, usualDataEndpoint } from '../../../lib/linky/api/create.js';
import { createLinkyReader } from '../../../lib/linky/reader/create.js';
import type { LinkyReader } from '../../../lib/linky/reader/reader.js';
import { linkyMemory } from '../../../lib/linky/reader/store.js';
import { keptInMemory } from '../../../lib/store/sealed-file.js';
import type { SteerableClock } from '../../support/proxy/clock.js';

// Loaded beforehand: while it is read from disk nothing seems to be under way.
await loadOAuth();

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A real transport of which a test can tell when nothing is under way. */
class WatchedTransport implements AccountTransport {
  readonly #transport = new Transport({ mode: 'verify' }, { connections: 4 });
  readonly #underWay = new Set<Promise<TransportReply>>();

  async send(request: TransportRequest): Promise<TransportReply> {
    const exchange = this.#transport.send(request);
    this.#underWay.add(exchange);
    try {
      return await exchange;
    } finally {
      this.#underWay.delete(exchange);
    }
  }

  /** Resolves when every answer has come and everything that follows from it has been sent. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < 12; turns++) {
      await turn();
      if (this.#underWay.size > 0) turns = 0;
      await Promise.allSettled([...this.#underWay]);
    }
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}

/** Timers on the clock of the servers, which a test moves. */
class PassingClock implements Clock {
  readonly #wall: SteerableClock;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  constructor(wall: SteerableClock) {
    this.#wall = wall;
  }

  read(): Moment {
    const now = this.#wall.now();
    return { now, monotonic: now };
  }

  after(milliseconds: number, callback: () => void): () => void {
    const timer = { at: this.read().now + Math.max(milliseconds, 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Lets time pass until `end`. */
  reach(end: number): void {
    this.#wall.advance({ seconds: Math.max(0, end - this.#wall.now()) / 1000 });
  }

  /** Lets time pass until the next timer and fires it; not beyond `end`. @returns whether there was one */
  leap(end = Number.POSITIVE_INFINITY): boolean {
    const [next] = [...this.#timers].sort((one, other) => one.at - other.at);
    if (!next || next.at > end) return false;
    this.#timers.delete(next);
    this.reach(next.at);
    next.callback();
    return true;
  }
}

/** How long a dance with all its codes may take before a test gives up on it, ms. */
const longestDance = 3_600_000;

/**
 * The client of this package as a device: an account, what it keeps, and a reader of its meters. Its requests are real,
 * its time passes when a test says so.
 */
export class Device {
  readonly settings: DeviceFlowSettings;
  /** Problems that a person was told of. */
  readonly problems: string[] = [];
  /** User codes that were shown, one after the other. */
  readonly shownCodes: string[] = [];
  /** Whether the server was out of reach at any time while a code was shown. */
  wasOffline = false;
  account!: DeviceFlowAccount;
  reader!: LinkyReader;
  readonly #memory = keptInMemory<AccountMemory>();
  readonly #store = linkyMemory();
  readonly #clock: PassingClock;
  readonly #outcomes: string[] = [];
  #transport = new WatchedTransport();

  private constructor(settings: DeviceFlowSettings, wall: SteerableClock) {
    this.settings = settings;
    this.#clock = new PassingClock(wall);
  }

  static async start(settings: DeviceFlowSettings, wall: SteerableClock): Promise<Device> {
    const device = new Device(settings, wall);
    await device.#open();
    return device;
  }

  get now(): number {
    return this.#clock.read().now;
  }

  /** Ends everything and starts it again with what was kept, as a restart of Node-RED does. */
  async restart(): Promise<void> {
    await this.close();
    await this.#open();
  }

  /** Lets the dance take its time. @returns `authorized`, or the code of the problem */
  async outcome(): Promise<string> {
    const end = this.now + longestDance;
    for (;;) {
      await this.#transport.quiet();
      const outcome = this.#outcomes.shift();
      if (outcome !== undefined) return outcome;
      assert.ok(this.#clock.leap(end), 'the dance stands still');
    }
  }

  /** Lets so many ms pass, with everything that happens in them. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    do await this.#transport.quiet();
    while (this.#clock.leap(end));
    this.#clock.reach(end);
    await this.#transport.quiet();
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.account.close();
  }

  async #open(): Promise<void> {
    const { settings } = this;
    const clock = this.#clock;
    const now = () => this.now;
    this.#transport = new WatchedTransport();
    this.account = await createDeviceFlowAccount({
      settings,
      memory: this.#memory,
      clock,
      transport: this.#transport,
      random: () => 0.5,
    });
    this.account.listen(this.#listener());
    this.reader = createLinkyReader({
      account: this.account,
      api: createMeterApi('proxy', usualDataEndpoint('proxy', settings.server), now),
      store: this.#store,
      now,
      random: () => 0.5,
      wait: async (milliseconds, signal) => {
        clock.reach(this.now + milliseconds);
        await turn();
        signal.throwIfAborted();
      },
    });
  }

  #listener(): AccountListener {
    return {
      onPhase: (phase) => {
        if (phase.phase !== 'waiting') return;
        const { userCode } = phase.prompt;
        if (this.shownCodes.at(-1) !== userCode) this.shownCodes.push(userCode);
        if (phase.trouble === 'offline') this.wasOffline = true;
      },
      onAuthorized: () => void this.#outcomes.push('authorized'),
      onProblem: ({ code }) => {
        this.problems.push(code);
        this.#outcomes.push(code);
      },
    };
  }
}
