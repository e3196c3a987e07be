import { rm } from 'node:fs/promises';
import { createMeterApi, usualDataEndpoint } from '../../../../lib/linky/api/create.js';
import { createLinkyReader } from '../../../../lib/linky/reader/create.js';
import type { LinkyReader, ReadRequest, ReadResult } from '../../../../lib/linky/reader/reader.js';
import { linkyMemory, openLinkyDirectory, type LinkyStore } from '../../../../lib/linky/reader/store.js';
import { addDays, parisDay } from '../../../../lib/linky/paris.js';
import { createSealer, namedKey } from '../../../../lib/store/sealing.js';
import { ProxyWorld, type WorldOptions } from '../../../support/proxy-world.js';
import { testAccount, type TestAccount } from './account.js';

const sealer = createSealer([namedKey(new Uint8Array(32).fill(7))]);

/** Opens a directory of sealed files. */
export function sealedDirectory(directory: string): LinkyStore {
  return openLinkyDirectory(directory, () => Promise.resolve(sealer));
}

/** Limits that no test meets by accident; a virtual clock stands still, so that everything would seem to come at once. */
export const wideLimits = {
  requestsPerMinute: 100_000,
  dataCallsPerDay: 1_000_000,
  upstreamPerSecond: 100_000,
  upstreamPerHour: 1_000_000,
};

/** How the meters of a test are. */
export interface MeterWorldOptions extends WorldOptions {
  readonly customer?: string;
  readonly usagePoints?: readonly string[];
  readonly store?: never;
}

/** The days that ended with yesterday, so many. */
export function last(now: number, days: number): { readonly from: string; readonly to: string } {
  const today = parisDay(now);
  return { from: addDays(today, -days), to: today };
}

/** The days that have readings. */
export function daysOf({ readings }: ReadResult): string[] {
  return [...new Set(readings.map(({ start }) => parisDay(start)))];
}

/** The days that a request asked Enedis for. */
export function daysAsked(sent: readonly string[], part: string): string[] {
  return sent
    .filter((each) => each.includes(part))
    .flatMap((each) => {
      const query = new URLSearchParams(each.slice(each.indexOf('?')));
      const days: string[] = [];
      for (let day = query.get('start') ?? ''; day < (query.get('end') ?? ''); day = addDays(day, 1)) days.push(day);
      return days;
    });
}

/**
 * A reader at a real proxy in front of the simulated Enedis, with a consent. Time passes only while the reader waits, and
 * then at once.
 */
export class MeterWorld {
  readonly proxy: ProxyWorld;
  readonly account: TestAccount;
  readonly kept: LinkyStore;
  /** Waits so far, ms. */
  readonly waits: number[] = [];
  readonly directories: string[] = [];
  /** Called when the reader waits. */
  onWait: ((milliseconds: number) => void) | undefined;
  reader: LinkyReader;

  private constructor(proxy: ProxyWorld, account: TestAccount) {
    this.proxy = proxy;
    this.account = account;
    this.kept = linkyMemory();
    this.reader = this.open();
  }

  static async start({ customer, usagePoints, ...options }: MeterWorldOptions = {}): Promise<MeterWorld> {
    const proxy = await ProxyWorld.start({ settings: { limits: wideLimits }, ...options });
    const given = { ...(customer !== undefined && { customer }), ...(usagePoints && { usagePoints }) };
    const { tokens } = await proxy.dance(given);
    const account = testAccount({
      tokens,
      now: proxy.clock.now,
      refresh: async (token) => proxy.tokens(await proxy.refresh(token)),
    });
    return new MeterWorld(proxy, account);
  }

  get now(): number {
    return this.proxy.clock.now();
  }

  /** A reader, as after a restart where the store was in use before. */
  open(store = this.kept): LinkyReader {
    const { clock } = this.proxy;
    return createLinkyReader({
      account: this.account,
      api: createMeterApi('proxy', usualDataEndpoint('proxy', this.proxy.first.url), clock.now),
      store,
      now: clock.now,
      random: () => 0.5,
      wait: (milliseconds, signal) => {
        signal.throwIfAborted();
        this.waits.push(milliseconds);
        clock.advance({ seconds: milliseconds / 1000 });
        this.onWait?.(milliseconds);
        return new Promise((resolve, reject) => {
          setImmediate(() => {
            if (signal.aborted) reject(signal.reason as Error);
            else resolve();
          });
        });
      },
    });
  }

  /** Ends the reader and opens another one on the same store. */
  async restart(): Promise<void> {
    await this.reader.close();
    this.reader = this.open();
  }

  /** Reads the only meter there is. */
  async read(request: ReadRequest): Promise<ReadResult> {
    const [result] = await this.reader.read(request);
    if (!result) throw new Error('There was no meter to read.');
    return result;
  }

  async close(): Promise<void> {
    await this.reader.close();
    await this.proxy.close();
    await Promise.all(this.directories.map((directory) => rm(directory, { recursive: true, force: true })));
  }
}
