import assert from 'node:assert/strict';
import type { DeviceFlowAccount } from '../../../lib/device-flow/account.js';
import type { Clock, Moment } from '../../../lib/device-flow/clock.js';
import { createDeviceFlowAccount, type AccountTransport } from '../../../lib/device-flow/device-flow-account.js';
import type { AccountMemory } from '../../../lib/device-flow/memory.js';
import { TransportFailure } from '../../../lib/http/failure.js';
import type { TransportReply, TransportRequest } from '../../../lib/http/transport.js';
import { settings } from './scripted-account.js';
import { settle, VirtualClock } from './virtual-clock.js';

/** What may go wrong with one exchange. `unanswered`: the server did what it was asked, and the answer was lost. */
export type Fault = 'none' | 'unreachable' | 'unanswered' | 'down' | 'busy' | 'slow_down' | 'garbled';

/** Milliseconds that a write takes: long, so that much happens meanwhile. */
const writeTime = 2000;
const lifetime = 300_000;
const life = 12_600;

interface Answer {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A dance came to its end: its tokens are made when they arrive, since those that are lost end no others. */
const granted: Answer = { status: 200, body: 'granted' };

const refused = (error: string, status = 400): Answer => ({ status, body: { error } });

/** One code at the server, with what the rules allow its client. */
interface Code {
  readonly number: number;
  interval: number;
  /** When the client may poll at the earliest and at the latest: both by the answers that reached it. */
  earliest: number;
  deadline: number;
  consented: boolean;
}

/**
 * A server that rotates refresh tokens and notes every breach of the rules of spec/device-flow 5.1 and 5.2. Of a rotation
 * whose answer may not have arrived it accepts the token before, until the new one is seen.
 */
class ModelServer {
  readonly #clock: VirtualClock;
  readonly breaches: string[] = [];
  code: Code | undefined;
  codes = 0;
  /** Generation of the newest tokens; 0 before the first. */
  generation = 0;
  /** Newest generation of which it is certain that the client kept it. */
  certain = 0;
  refreshes = 0;
  polls = 0;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  get time(): number {
    return this.#clock.read().monotonic;
  }

  check(holds: boolean, breach: string): void {
    if (!holds) this.breaches.push(breach);
  }

  issue(): Answer {
    const number = ++this.codes;
    this.code = { number, interval: 5000, earliest: Infinity, deadline: Infinity, consented: false };
    const body = { device_code: `${number}`, user_code: `CODE-${number}`, verification_uri: 'https://p.test/device' };
    return { status: 200, body: { ...body, expires_in: lifetime / 1000, interval: 5 } };
  }

  poll(form: URLSearchParams, slow: boolean): Answer {
    this.polls++;
    const { code, time } = this;
    if (!code || form.get('device_code') !== `${code.number}`) return refused('invalid_grant');
    this.check(time >= code.earliest, `polled ${code.earliest - time} ms too early`);
    this.check(time < code.deadline, `polled ${time - code.deadline} ms after the deadline`);
    if (slow) return refused('slow_down');
    if (!code.consented) return refused('authorization_pending');
    this.code = undefined;
    return granted;
  }

  /** What the client may do after an answer to a poll that reached it, or did not. */
  polled(code: Code | undefined, told: string | undefined, busy: boolean): void {
    if (!code) return;
    const before = code.interval;
    if (told === 'slow_down') code.interval += 5000;
    const doubled = told === undefined && !busy ? Math.min(60_000, 2 * before) : 0;
    const asked = busy ? Math.max(before + 5000, 20_000) : 0;
    code.earliest = this.time + Math.max(code.interval, doubled, asked);
  }

  refresh(form: URLSearchParams): Answer {
    this.refreshes++;
    const presented = Number(form.get('refresh_token'));
    this.check(presented >= this.certain, `refresh token ${presented} presented, ${this.certain} was kept`);
    if (presented === this.generation) return this.tokens();
    return presented === this.generation - 1 ? this.grant() : refused('invalid_grant');
  }

  data(authorization: string, kept: AccountMemory | undefined): Answer {
    const presented = Number(authorization.replace('Bearer ', ''));
    this.check(presented >= this.certain, `access token ${presented} used, ${this.certain} was kept`);
    const keptGeneration = Number(kept?.tokens?.refreshToken ?? 0);
    this.check(keptGeneration >= presented, `access token ${presented} used, ${keptGeneration} was kept`);
    this.certain = Math.max(this.certain, presented);
    return presented === this.generation ? { status: 200, body: {} } : refused('invalid_token', 401);
  }

  tokens(): Answer {
    this.generation++;
    return this.grant();
  }

  grant(): Answer {
    const text = `${this.generation}`;
    const body = { access_token: text, refresh_token: text, token_type: 'Bearer', expires_in: life };
    return { status: 200, body };
  }
}

/** One process of the client: when it is killed, its timers, answers and writes are gone. */
class ModelProcess implements Clock, AccountTransport {
  readonly #world: ModelWorld;
  readonly #timers = new Set<() => void>();
  #refreshing = 0;
  alive = true;
  /** How many writes are under way. */
  writing = 0;
  account: DeviceFlowAccount | undefined;

  constructor(world: ModelWorld) {
    this.#world = world;
  }

  read(): Moment {
    return this.#world.clock.read();
  }

  after(milliseconds: number, callback: () => void): () => void {
    const cancel = this.#world.clock.after(milliseconds, callback);
    this.#timers.add(cancel);
    return cancel;
  }

  async open(): Promise<void> {
    const memory = {
      read: () => Promise.resolve(this.#world.memory),
      write: async (value: AccountMemory) => {
        const text = JSON.stringify(value);
        this.writing++;
        await new Promise<void>((resolve) => void this.after(writeTime, resolve));
        this.writing--;
        this.#world.kept = text;
      },
    };
    this.account = await createDeviceFlowAccount({
      settings,
      memory,
      clock: this,
      transport: this,
      random: Math.random,
    });
  }

  kill(): void {
    this.alive = false;
    for (const cancel of this.#timers) cancel();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async send({ url, headers = {}, body = '' }: TransportRequest): Promise<TransportReply> {
    const { server, clock } = this.#world;
    if (url.pathname.startsWith('/.well-known')) return { status: 404, headers: {}, body: '' };
    const form = new URLSearchParams(body);
    const isRefresh = form.get('grant_type') === 'refresh_token';
    const { fault, latency } = this.#world.nextFault();
    if (isRefresh) server.check(++this.#refreshing === 1, 'two refreshes at a time');
    const polledCode = server.code;
    const answer = fault === 'unreachable' ? undefined : this.#answer(url.pathname, form, headers, fault);
    await new Promise<void>((resolve) => void clock.after(latency, resolve));
    // Nobody is there any more to whom anything could happen.
    if (!this.alive) return new Promise(() => undefined);
    if (isRefresh) this.#refreshing--;
    const lost = fault === 'unanswered' || fault === 'unreachable';
    const arrived = lost ? undefined : answer === granted ? server.tokens() : answer;
    this.#note(url.pathname, form, polledCode, arrived, fault);
    if (!arrived) throw new TransportFailure('unreachable', 'The exchange failed.');
    const text = typeof arrived.body === 'string' ? arrived.body : JSON.stringify(arrived.body);
    return { status: arrived.status, headers: arrived.headers ?? {}, body: text };
  }

  #answer(path: string, form: URLSearchParams, headers: Readonly<Record<string, string>>, fault: Fault): Answer {
    const { server } = this.#world;
    const isDance = form.get('grant_type') !== 'refresh_token' && path === '/device/token';
    // A server in trouble sees the poll all the same: the rules count for it too.
    const looked =
      isDance && (fault === 'down' || fault === 'busy' || fault === 'garbled') ? server.poll(form, true) : undefined;
    if (looked && looked.status !== 400) throw new Error('A poll in trouble brings nothing.');
    if (fault === 'down') return { status: 503, body: '' };
    if (fault === 'busy') return { status: 429, body: '', headers: { 'retry-after': '20' } };
    if (fault === 'garbled') return { status: 200, body: '{"half":' };
    if (path === '/device/code') return server.issue();
    if (path !== '/device/token') return server.data(headers['authorization'] ?? '', this.#world.memory);
    return isDance ? server.poll(form, fault === 'slow_down') : server.refresh(form);
  }

  /** What the client knows now. */
  #note(path: string, form: URLSearchParams, code: Code | undefined, arrived: Answer | undefined, fault: Fault): void {
    const { server } = this.#world;
    if (path === '/device/code' && arrived?.status === 200 && typeof arrived.body === 'object' && server.code) {
      server.code.earliest = server.time + server.code.interval;
      server.code.deadline = server.time + lifetime;
    }
    if (path !== '/device/token' || form.get('grant_type') === 'refresh_token') return;
    const { error } = (typeof arrived?.body === 'object' ? arrived.body : {}) as { error?: string };
    server.polled(code, error, fault === 'busy');
  }
}

/** A client and its server on one clock, with faults, restarts and a wall clock that somebody sets. */
export class ModelWorld {
  readonly clock = new VirtualClock();
  readonly server = new ModelServer(this.clock);
  kept: string | undefined;
  #faults: { readonly fault: Fault; readonly latency: number }[] = [];
  #process = new ModelProcess(this);

  static async open(): Promise<ModelWorld> {
    const world = new ModelWorld();
    await world.#process.open();
    return world;
  }

  get memory(): AccountMemory | undefined {
    return this.kept === undefined ? undefined : (JSON.parse(this.kept) as AccountMemory);
  }

  get account(): DeviceFlowAccount {
    assert.ok(this.#process.account);
    return this.#process.account;
  }

  addFault(fault: Fault, latency: number): void {
    this.#faults.push({ fault, latency });
  }

  heal(): void {
    this.#faults = [];
  }

  nextFault(): { readonly fault: Fault; readonly latency: number } {
    return this.#faults.shift() ?? { fault: 'none', latency: 50 };
  }

  /** Ends the process at once and starts another; a clock is known to be right when it does. */
  async kill(): Promise<void> {
    this.#process.kill();
    const { code } = this.server;
    const dance = this.#process.writing > 0 ? this.memory?.dance : undefined;
    // What was being written is lost with the process: the pace is then that of the answer before.
    if (code && dance)
      Object.assign(code, { interval: dance.interval * 1000, earliest: this.server.time + dance.pause });
    this.#process = new ModelProcess(this);
    // The wait begins anew, since nobody knows when the last answer came.
    await this.#process.open();
    await settle();
  }

  /** Links the account where it is not. */
  async link(): Promise<void> {
    void this.account.start(20).catch(() => undefined);
    await this.clock.advance(5000);
    if (this.server.code) this.server.code.consented = true;
  }
}
