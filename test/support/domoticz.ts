import { addDays, parisInstants, parisWallTime } from '../../lib/linky/paris.js';
import { PluginConnection, type PluginAnswer, type PluginRequest } from './domoticz/connection.js';
import { hoursOf } from './domoticz/hours.js';
import { judge, keep, paths, periodsBackwards, PointStore } from './domoticz/reading.js';
import type { DataQuery, Direction, Period } from './domoticz/reading.js';
import { TokenKeeper, type TokenOutcome } from './domoticz/tokens.js';

export type { Direction } from './domoticz/reading.js';

/** How the plugin is set up. */
export interface DomoticzOptions {
  /** Where the server, or the reverse proxy in front of it, listens on this machine. */
  readonly port: number;
  /** Public name, and path before those of the contract. */
  readonly host: string;
  readonly basePath?: string;
  readonly clientId: string;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Lets so many ms go by, where the plugin waits. */
  readonly pass: (milliseconds: number) => void;
  /** Days of the curve, and of daily values. */
  readonly hourDays: number;
  readonly dailyDays: number;
  /** Minute after 8:00 at which it reads; the plugin draws one. */
  readonly minute?: number;
}

/** A request that the plugin made. */
export interface Exchange {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly status: number;
}

/** The cycle ends and begins anew an hour later. */
class CycleEnded extends Error {}

const second = 1000;
const hour = 3600 * second;
/** Between any two requests. */
const guard = 5 * second;
const mostResends = 3;
const curveChunk = 7;
const dailyChunk = 1095;

/**
 * A device that behaves as the DomoticzLinky plugin 2.6.0 does, written after its description (spec/device-flow 5.3).
 * Domoticz calls `heartbeat` every ten seconds; all time is the test's.
 */
export class DomoticzLinky {
  /** What Domoticz's log shows. */
  readonly log: string[] = [];
  readonly exchanges: Exchange[] = [];
  readonly connection: PluginConnection;
  readonly tokens: TokenKeeper;
  /** An error that erases the tokens stops it until the user edits the settings. */
  isStopped = false;
  /** How often a cycle of data came to its end. */
  cycles = 0;
  readonly #options: DomoticzOptions;
  readonly #points = new Map<string, PointStore>();
  #deviceCode: string | undefined;
  #nextAt = 0;
  #lastRequestAt = Number.NEGATIVE_INFINITY;
  #interval = guard;

  constructor(options: DomoticzOptions) {
    this.#options = options;
    this.connection = new PluginConnection(options.port, options.host);
    this.tokens = new TokenKeeper(options.clientId, options.now);
  }

  /** What is kept of a usage point. */
  point(usagePoint: string): PointStore {
    const known = this.#points.get(usagePoint) ?? new PointStore();
    this.#points.set(usagePoint, known);
    return known;
  }

  /** The link with the code, as the user finds it in the log. */
  get link(): string | undefined {
    return this.log.findLast((line) => line.includes('/device?code='))?.match(/https:\S+/)?.[0];
  }

  /** Does what is due. */
  async heartbeat(): Promise<void> {
    if (this.isStopped || this.#options.now() < this.#nextAt) return;
    try {
      if (this.tokens.held) await this.#collect();
      else if (this.#deviceCode === undefined) await this.#askForCode();
      else await this.#poll(this.#deviceCode);
    } catch (error) {
      if (!(error instanceof CycleEnded)) throw error;
      this.log.push(error.message);
      this.#deviceCode = undefined;
      this.#nextAt = this.#options.now() + hour;
    }
  }

  close(): void {
    this.connection.close();
  }

  async #askForCode(): Promise<void> {
    const { clientId, host, basePath = '' } = this.#options;
    const form = { client_id: clientId };
    const json = await this.#repeat({ method: 'POST', path: '/device/code', form }, ({ status, json: members }) => {
      return status === 200 && members ? { kind: 'done', value: members } : { kind: 'resend' };
    });
    const { device_code: deviceCode, user_code: userCode } = json as Record<string, string>;
    if (deviceCode === undefined || userCode === undefined) throw new CycleEnded('The code is missing.');
    this.#deviceCode = deviceCode;
    this.log.push(`Give your consent at https://${host}${basePath}/device?code=${userCode} with the code ${userCode}`);
  }

  async #poll(deviceCode: string): Promise<void> {
    const idle = this.#options.now() - this.#lastRequestAt;
    if (!this.connection.survives(idle)) throw new CycleEnded('The connection was closed, asking again.');
    const outcome = await this.#askForTokens(this.tokens.pollForm(deviceCode));
    if (outcome === 'pending') {
      this.#nextAt = this.#notAtNight(this.#options.now() + this.#interval);
      return;
    }
    this.#deviceCode = undefined;
  }

  /** Asks the token endpoint; tokens that come are kept. */
  #askForTokens(form: Readonly<Record<string, string>>): Promise<'granted' | 'pending'> {
    return this.#repeat({ method: 'POST', path: '/device/token', form }, (answer) => {
      const outcome: TokenOutcome = this.tokens.take(answer);
      if (outcome.interval !== undefined) this.#interval = Math.max(guard, outcome.interval * second);
      if (outcome.kind === 'fatal') this.#stop('The server refuses: edit the settings.');
      return outcome.kind === 'resend' ? { kind: 'resend' } : { kind: 'done', value: outcome.kind };
    });
  }

  async #collect(): Promise<void> {
    if (this.tokens.isDue()) await this.#refresh();
    for (const usagePoint of this.tokens.usagePoints) {
      await this.#readDirection(usagePoint, 'consumption');
      await this.#readDirection(usagePoint, 'production');
    }
    this.cycles++;
    this.#nextAt = this.#eightOClock(addDays(this.#today(), 1));
  }

  async #refresh(): Promise<void> {
    if ((await this.#askForTokens(this.tokens.refreshForm())) === 'pending') throw new CycleEnded('No new tokens.');
  }

  async #readDirection(usagePoint: string, direction: Direction): Promise<void> {
    const { hourDays, dailyDays } = this.#options;
    const kept = this.point(usagePoint);
    const today = this.#today();
    const { curve, daily, power } = paths;
    const curvePeriods = kept.missingPeriods(direction, today, hourDays, curveChunk);
    await this.#readPeriods(usagePoint, direction, curve[direction], curvePeriods, (points) => {
      kept.hours[direction].add(hoursOf(points));
    });
    const longPeriods = periodsBackwards(today, dailyDays, dailyChunk);
    await this.#readPeriods(usagePoint, direction, daily[direction], longPeriods, (points) => {
      keep(kept.daily[direction], points);
    });
    if (direction === 'production') return;
    await this.#readPeriods(usagePoint, direction, power, longPeriods, (points) => {
      keep(kept.powers, points);
    });
  }

  async #readPeriods(
    usagePoint: string,
    direction: Direction,
    path: string,
    periods: readonly Period[],
    take: (points: Parameters<typeof hoursOf>[0]) => void,
  ): Promise<void> {
    const { none } = this.point(usagePoint);
    for (const [index, period] of periods.entries()) {
      if (none.has(direction)) return;
      const verdict = await this.#read({ ...period, path, usagePoint, direction, first: index === 0 });
      if (verdict.kind === 'no_direction') none.add(direction);
      if (verdict.kind === 'points') take(verdict.points);
    }
  }

  /** Reads a period, with one refresh and some resends where they help. */
  async #read(query: DataQuery) {
    let hasRefreshed = false;
    for (;;) {
      const verdict = await this.#repeat(this.#dataRequest(query), (answer) => {
        const found = judge(answer, query);
        if (found.kind === 'fatal') this.#stop('Access is forbidden: the tokens are erased.');
        if (found.kind === 'failed') throw new CycleEnded('The data could not be read.');
        return found.kind === 'resend' ? { kind: 'resend' } : { kind: 'done', value: found };
      });
      if (verdict.kind !== 'refresh') return verdict;
      if (hasRefreshed) throw new CycleEnded('The new token is refused, too.');
      hasRefreshed = true;
      await this.#refresh();
    }
  }

  #dataRequest({ path, start, end, usagePoint }: DataQuery): PluginRequest {
    const query = new URLSearchParams({ start, end, usage_point_id: usagePoint });
    const target = `/data/proxy/${path}?${query.toString()}`;
    return { method: 'GET', path: target, authorization: this.tokens.authorization };
  }

  /** Sends a request, and up to three times more where the answer is one that may pass. */
  async #repeat<T>(
    request: PluginRequest,
    read: (answer: PluginAnswer) => { readonly kind: 'done'; readonly value: T } | { readonly kind: 'resend' },
  ): Promise<T> {
    for (let resends = 0; resends <= mostResends; resends++) {
      if (resends > 0) this.#options.pass(this.#interval);
      const outcome = read(await this.#send(request));
      if (outcome.kind === 'done') return outcome.value;
    }
    throw new CycleEnded('Too many communication failures.');
  }

  async #send(request: PluginRequest): Promise<PluginAnswer> {
    const { now, pass, basePath = '' } = this.#options;
    const early = this.#lastRequestAt + guard - now();
    if (early > 0) pass(early);
    const path = basePath + request.path;
    const answer = await this.connection.send({ ...request, path }, now() - this.#lastRequestAt);
    this.#lastRequestAt = now();
    this.exchanges.push({ method: request.method, path: path.split('?', 1)[0] ?? '', status: answer.status });
    return answer;
  }

  #stop(reason: string): never {
    this.tokens.erase();
    this.isStopped = true;
    throw new CycleEnded(reason);
  }

  #today(): string {
    return parisWallTime(this.#options.now()).slice(0, 10);
  }

  #eightOClock(day: string): number {
    const { minute = 0 } = this.#options;
    const [instant] = parisInstants(`${day} 08:${String(minute).padStart(2, '0')}:00`);
    return instant ?? this.#options.now();
  }

  /** Between 22:00 and 08:00 nothing is polled. */
  #notAtNight(instant: number): number {
    const [day = '', time = ''] = parisWallTime(instant).split(' ');
    if (time >= '08' && time < '22') return instant;
    return this.#eightOClock(time < '08' ? day : addDays(day, 1));
  }
}
