import type { Node, NodeStatusFill } from 'node-red';
import type { AccountSummary } from '../../lib/device-flow/account.js';
import type { DancePhase } from '../../lib/device-flow/prompt.js';
import { AuthenticationError, type EnergyError } from '../../lib/errors.js';
import { StatusLine, type StatusTexts } from '../shared/status.js';

/** A status, before its text is looked up. */
export interface ShownStatus {
  readonly fill: NodeStatusFill;
  readonly shape: 'dot' | 'ring';
  readonly key: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** ms after which it is another one by the passing of time alone. */
  readonly changesIn?: number;
}

const minute = 60_000;
/** In the last minute, ms between two changes. */
const lastSteps = 10_000;

type Waiting = Extract<DancePhase, { phase: 'waiting' }>;

function waitingStatus({ prompt, trouble }: Waiting, now: number): ShownStatus {
  const left = Math.max(0, prompt.expiresAt - now);
  const step = left > minute ? minute : lastSteps;
  const steps = Math.ceil(left / step);
  const unit = step === minute ? 'minutes' : 'seconds';
  const shown = step === minute ? steps : (steps * lastSteps) / 1000;
  return {
    fill: trouble ? 'yellow' : 'blue',
    shape: 'ring',
    key: `${trouble ?? 'waiting'}.${unit}`,
    values: { code: prompt.userCode, left: shown },
    ...(left > 0 && { changesIn: Math.max(1, left - (steps - 1) * step) }),
  };
}

/** The last day of a consent, as people here count days. */
function dayOf(time: number): string {
  const date = new Date(time);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}

function linkedStatus({ usagePoints, consentUntil }: AccountSummary): ShownStatus {
  const [first] = usagePoints;
  const more = usagePoints.length - 1;
  const name = first === undefined ? 'linked' : more > 0 ? 'several' : 'one';
  const end = consentUntil === undefined ? 'open' : 'until';
  const date = consentUntil === undefined ? '' : dayOf(consentUntil);
  return { fill: 'green', shape: 'dot', key: `linked.${name}.${end}`, values: { usagePoint: first ?? '', more, date } };
}

function problemStatus({ code, retryable }: AuthenticationError): ShownStatus {
  if (retryable) return { fill: 'yellow', shape: 'ring', key: `auth.${code}` };
  return { fill: 'red', shape: code === 'consent_denied' ? 'dot' : 'ring', key: `auth.${code}` };
}

/** What is shown of an account at a moment: the code while one waits, else what is wrong, else the consent. */
function shownStatus(summary: AccountSummary, now: number): ShownStatus {
  const { dance, problem, state } = summary;
  if (dance.phase === 'waiting') return waitingStatus(dance, now);
  if (dance.phase === 'requesting') return { fill: 'blue', shape: 'ring', key: 'requesting' };
  if (problem && problem.code !== 'credentials_missing') return problemStatus(problem);
  if (state === 'linked') return linkedStatus(summary);
  return state === 'unlinked'
    ? { fill: 'grey', shape: 'ring', key: 'unlinked' }
    : { fill: 'red', shape: 'ring', key: 'auth.consent_expired' };
}

/** What a `device-flow` node shows below itself. */
export class FlowStatus {
  readonly #line: StatusLine;
  readonly #texts: StatusTexts;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(node: Node, texts: StatusTexts) {
    this.#line = new StatusLine(node);
    this.#texts = texts;
  }

  noAccount(): void {
    this.#show({ fill: 'red', shape: 'ring', key: 'noAccount' });
  }

  /** Shows an account from now on: the countdown goes on by itself. */
  follow(summary: () => AccountSummary): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const status = shownStatus(summary(), Date.now());
    this.#show(status);
    if (status.changesIn === undefined) return;
    this.#timer = setTimeout(() => this.follow(summary), status.changesIn).unref();
  }

  /** Something that is no matter of authentication. */
  failed(error: EnergyError): void {
    const known = ['invalid_argument', 'storage_failed'].includes(error.code);
    this.#show({ fill: 'red', shape: 'ring', key: `failure.${known ? error.code : 'internal'}` });
  }

  /** Nothing more is shown. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #show({ fill, shape, key, values }: ShownStatus): void {
    if (!this.#stopped) this.#line.show(fill, shape, this.#texts(key, values));
  }
}
