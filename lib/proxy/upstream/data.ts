import { isCalendarDay } from '../../linky/paris.js';
import { indexPaths } from '../../linky/datasets.js';
import { translateRequest } from '../../linky/translation/request.js';
import { isUsagePoint } from '../../linky/usage-point.js';
import type { ProxyRecords } from '../context.js';
import { ProxyError } from '../http/error.js';
import type { Secrets } from '../secrets.js';
import type { ProxySettings } from '../settings/settings.js';
import type { DataOutcome } from './answer.js';
import type { AuthorizedCalls } from './authorized.js';
import { askLegacy, askNew, type DataContext } from './generations.js';
import type { DataAnswer, DataRequest } from './upstream.js';

/** What reading data needs. */
export interface DataOptions {
  readonly settings: ProxySettings;
  readonly records: Pick<ProxyRecords, 'cooldowns'>;
  readonly secrets: Secrets;
  readonly calls: AuthorizedCalls;
  readonly now: () => number;
  /** Milliseconds for everything. */
  readonly timeout: number;
}

/** How long 2026 is not asked for a usage point that it turned away, ms (spec/device-flow 1.13). */
const cooldown = 600_000;

/** Guards the upstream server once more, whoever calls. @throws ProxyError 400, 404 */
function checkRequest({ path, usagePoint, start, end }: DataRequest, { dataPaths }: ProxySettings): void {
  if (!dataPaths.includes(path)) throw new ProxyError(404, 'invalid_request', { description: 'Unknown data path' });
  const days = [start, end].filter((day) => day !== undefined);
  if (isUsagePoint(usagePoint) && days.every(isCalendarDay)) return;
  throw new ProxyError(400, 'invalid_request', { description: 'Invalid usage_point_id, start or end' });
}

type Result = { readonly outcome: DataOutcome } | { readonly error: unknown };

async function resultOf(asking: Promise<DataOutcome>): Promise<Result> {
  try {
    return { outcome: await asking };
  } catch (error) {
    return { error };
  }
}

function answerOf(result: Result): DataAnswer {
  if ('error' in result) throw result.error;
  return result.outcome.answer;
}

/** Whether what 2026 says is final: data, or an error that v5 would tell as well (spec/device-flow 1.13). */
function isFinal(result: Result): boolean {
  if ('error' in result) return result.error instanceof ProxyError && result.error.status === 429;
  const { answer, meaning, code } = result.outcome;
  return answer.status === 200 || meaning === 'no_data' || meaning === 'quota' || code === 'ADAM-ERR0123';
}

/** Whether 2026 turned the usage point or the application away. */
function isTurnedAway(result: Result): boolean {
  const status = 'error' in result ? upstreamStatusOf(result.error) : result.outcome.upstreamStatus;
  return status === 401 || status === 403;
}

function upstreamStatusOf(error: unknown): unknown {
  return error instanceof ProxyError ? error.members['upstream_status'] : undefined;
}

/** Reads metering and contract data in the operator's mode: 2026, v5, or the first and then the second. */
export class DataInterfaces {
  readonly #options: DataOptions;

  constructor(options: DataOptions) {
    this.#options = options;
  }

  /** @throws ProxyError 400 or 404 for what is not served; 429, 502, 503, 504 */
  async read(request: DataRequest): Promise<DataAnswer> {
    const { settings, calls, now, timeout } = this.#options;
    checkRequest(request, settings);
    const { endpoints, curveStamps } = settings;
    const deadline = performance.now() + timeout;
    const context: DataContext = { calls, base: endpoints.data, curveStamps, deadline, now };
    const translation = translateRequest(request);
    const isIndex = Object.values(indexPaths).includes(request.path);
    if (settings.apiMode === 'legacy' && !isIndex) return (await askLegacy(context, request)).answer;
    if (translation === undefined) {
      if (settings.apiMode === 'auto' && !isIndex) return (await askLegacy(context, request)).answer;
      throw new ProxyError(404, 'invalid_request', { description: 'Nothing in Data Connect 2026 answers this' });
    }
    if (settings.apiMode === 'new' || isIndex) return (await askNew(context, request, translation)).answer;
    const id = this.#options.secrets.hash('cooldown', `new:${request.usagePoint}`);
    if (await this.#isCooling(id)) return (await askLegacy(context, request)).answer;
    const first = await resultOf(askNew(context, request, translation));
    if (isTurnedAway(first)) await this.#cool(id);
    return isFinal(first) ? answerOf(first) : this.#orLegacy(context, request, first);
  }

  /** What v5 answers, where that is of more use than what 2026 did. */
  async #orLegacy(context: DataContext, request: DataRequest, first: Result): Promise<DataAnswer> {
    if (performance.now() >= context.deadline) return answerOf(first);
    const second = await resultOf(askLegacy(context, request));
    const isUseful = 'outcome' in second && second.outcome.answer.status < 500;
    return answerOf(isUseful ? second : first);
  }

  async #isCooling(id: string): Promise<boolean> {
    const { records, now } = this.#options;
    return ((await records.cooldowns.get(id))?.until ?? 0) > now();
  }

  async #cool(id: string): Promise<void> {
    const until = this.#options.now() + cooldown;
    const change = () => ({ next: { until }, answer: undefined });
    await this.#options.records.cooldowns.change(id, change, { durability: 'quick' });
  }
}
