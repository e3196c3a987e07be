import type { EventEmitter } from 'node:events';
import type { Express } from 'express';
import type { NodeListener } from '../../lib/proxy/http/node-listener.js';
import { overlap } from './place.js';

type Layer = Parameters<Express['use']>[0] & NodeListener;

interface Mount {
  readonly path: string;
  readonly layer: Layer;
  listener: NodeListener;
  /** False between the close of a node and the start of the one that follows it. */
  live: boolean;
}

/** Express 4 has `_router`, where asking for `router` raises an error; Express 5 has `router`. */
interface RouterHolder {
  readonly _router?: { stack: { readonly handle: unknown }[] };
  readonly router?: { stack: { readonly handle: unknown }[] };
}

/**
 * The proxies of one Node-RED below its HTTP server: one layer of Express for each. While the flows are restarted a
 * layer stays in its place, so that devices which poll are told to wait and not that there is nothing here; it is taken
 * away when its node is removed, when nobody has taken it up by the end of the restart, and when the flows stop.
 */
export class Mounts {
  readonly #app: Express;
  readonly #events: EventEmitter;
  readonly #mounts = new Map<string, Mount>();

  constructor(app: Express, events: EventEmitter) {
    this.#app = app;
    this.#events = events;
  }

  /** Puts a listener of the node `id` at a path. @returns false where another node is there, or above or below it */
  add(id: string, path: string, listener: NodeListener): boolean {
    const others = [...this.#mounts].filter(([other, mount]) => other !== id && overlap(mount.path, path));
    if (others.some(([, { live }]) => live)) return false;
    for (const [other] of others) this.remove(other);
    const known = this.#mounts.get(id);
    if (known?.path === path) {
      Object.assign(known, { listener, live: true });
      return true;
    }
    this.remove(id);
    const layer = ((message, reply, next) => mount.listener(message, reply, next)) as Layer;
    const mount: Mount = { path, layer, listener, live: true };
    this.#app.use(layer);
    if (this.#mounts.size === 0) this.#watch(true);
    this.#mounts.set(id, mount);
    return true;
  }

  /** The node is closed and may start again at once. */
  pause(id: string): void {
    const mount = this.#mounts.get(id);
    if (mount) mount.live = false;
  }

  /** Takes away what the node `id` has. */
  remove(id: string): void {
    const mount = this.#mounts.get(id);
    if (!mount) return;
    this.#mounts.delete(id);
    if (this.#mounts.size === 0) this.#watch(false);
    const app = this.#app as unknown as RouterHolder;
    const router = app._router ?? app.router;
    // A new list: requests under way go through the old one.
    if (router) router.stack = router.stack.filter(({ handle }) => handle !== mount.layer);
  }

  readonly #sweep = (): void => {
    for (const [id, { live }] of this.#mounts) if (!live) this.remove(id);
  };

  readonly #onRuntime = ({ id, payload }: { id?: string; payload?: { state?: string; deploy?: boolean } }): void => {
    if (id === 'runtime-state' && payload?.state === 'stop' && payload.deploy !== true) this.#sweep();
  };

  #watch(on: boolean): void {
    const change = on ? 'on' : 'off';
    this.#events[change]('flows:started', this.#sweep);
    this.#events[change]('runtime-event', this.#onRuntime);
  }
}
