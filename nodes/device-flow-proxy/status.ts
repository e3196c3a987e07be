import type { Node } from 'node-red';
import type { ProxyHealth } from '../../lib/proxy/proxy.js';
import { StatusLine, type StatusTexts } from '../shared/status.js';
import { shownStatus, type Activity } from './activity.js';

/** Shortest time between two looks at the proxy, ms. */
const pause = 2_000;
/** How long until a proxy that is not well is looked at again, ms. */
const recheck = 30_000;

/** What a `device-flow-proxy` node shows below itself; looked up after something happened, not all the time. */
export class ProxyStatus {
  readonly #line: StatusLine;
  readonly #texts: StatusTexts;
  #lastLook = -Infinity;
  #soon: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(node: Node, texts: StatusTexts) {
    this.#line = new StatusLine(node);
    this.#texts = texts;
  }

  starting(): void {
    this.#line.show('grey', 'ring', this.#texts('starting'));
  }

  /** It does not run; `key` says why. */
  failed(key: string): void {
    this.#line.show('red', 'ring', this.#texts(key));
  }

  /** Something happened: what is shown is brought up to date, at once or a little later. */
  changed(activity: Activity, health: () => Promise<ProxyHealth | undefined>): void {
    if (this.#stopped || this.#soon) return;
    const due = Math.max(0, this.#lastLook + pause - performance.now());
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      this.#lastLook = performance.now();
      void health()
        .catch(() => undefined)
        .then((found) => {
          if (found) this.#update(activity, found, () => this.changed(activity, health));
        });
    }, due).unref();
  }

  /** Nothing more is shown. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#soon);
    clearTimeout(this.#later);
  }

  #update(activity: Activity, health: ProxyHealth, again: () => void): void {
    if (this.#stopped) return;
    const now = Date.now();
    const { fill, shape, key, values } = shownStatus(activity, health, now);
    this.#line.show(fill, shape, this.#texts(key, values));
    // What is shown changes by itself when a code ends, and may when something is wrong.
    const end = activity.nextEnd();
    const wait = fill === 'green' ? end && end - now : recheck;
    clearTimeout(this.#later);
    this.#later = wait === undefined ? undefined : setTimeout(again, Math.max(pause, wait)).unref();
  }
}
