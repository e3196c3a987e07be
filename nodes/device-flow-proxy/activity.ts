import type { ProxyEvent } from '../../lib/proxy/events.js';
import type { ProxyHealth } from '../../lib/proxy/proxy.js';

/** What a status shows: the key of a text, with its values, and a colour. */
export interface Shown {
  readonly fill: 'green' | 'yellow' | 'red';
  readonly shape: 'dot' | 'ring';
  readonly key: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Without a success for so long the server behind counts as down, ms. */
const patience = 5 * 60_000;

/** What a proxy has been doing, by its events. */
export class Activity {
  /** Ends of the codes that wait for a consent, by dance, ms since the epoch; the first to come first. */
  readonly #pending = new Map<string, number>();
  readonly #codeLifetime: number;
  #lastConsent: number | undefined;

  /** @param codeLifetime seconds */
  constructor(codeLifetime: number) {
    this.#codeLifetime = codeLifetime * 1000;
  }

  note({ name, at, dance }: ProxyEvent): void {
    if (name === 'consented') this.#lastConsent = at;
    if (dance === undefined) return;
    if (name === 'issued') this.#pending.set(dance, at + this.#codeLifetime);
    else if (name === 'consented' || name === 'denied' || name === 'redeemed') this.#pending.delete(dance);
  }

  /** When the last consent was given, ms since the epoch. */
  get lastConsent(): number | undefined {
    return this.#lastConsent;
  }

  /** How many codes wait for a consent. */
  pending(now: number): number {
    for (const [dance, end] of this.#pending) {
      if (end > now) break;
      this.#pending.delete(dance);
    }
    return this.#pending.size;
  }

  /** When the next code ends; `undefined` where none waits. */
  nextEnd(): number | undefined {
    const [end] = this.#pending.values();
    return end;
  }
}

/** The time of today, the day of any other, as people here write it. */
function shortMoment(at: number, now: number): string {
  const date = new Date(at);
  return date.toDateString() === new Date(now).toDateString()
    ? date.toLocaleTimeString(undefined, { timeStyle: 'short' })
    : date.toLocaleDateString(undefined, { day: 'numeric', month: 'numeric' });
}

function upstreamState({ upstream }: ProxyHealth): 'well' | 'failing' | 'down' {
  const { lastFailureAt, lastSuccessAt } = upstream;
  if (lastFailureAt === undefined || (lastSuccessAt ?? -Infinity) >= lastFailureAt) return 'well';
  return lastSuccessAt !== undefined && lastFailureAt - lastSuccessAt < patience ? 'failing' : 'down';
}

/** What the status of a proxy says. */
export function shownStatus(activity: Activity, health: ProxyHealth, now: number): Shown {
  if (health.storage !== 'ok') return { fill: 'red', shape: 'ring', key: 'storage', values: {} };
  const upstream = upstreamState(health);
  if (upstream !== 'well') {
    const values = { failure: health.upstream.lastFailure ?? '' };
    return { fill: upstream === 'down' ? 'red' : 'yellow', shape: 'dot', key: 'upstream', values };
  }
  const codes = activity.pending(now);
  const { lastConsent } = activity;
  const good = { fill: 'green', shape: 'dot' } as const;
  if (lastConsent === undefined) return { ...good, key: codes > 0 ? 'pending' : 'ready', values: { codes } };
  const at = shortMoment(lastConsent, now);
  return { ...good, key: codes > 0 ? 'pendingConsent' : 'consent', values: { codes, at } };
}
