import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { deviceFlowSettings, type DeviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { nodeListener, type NodeListener } from '../../../lib/proxy/http/node-listener.js';
import { ProxyWorld, publicClient, type ChosenSettings, type WorldOptions } from '../../support/proxy-world.js';
import { serve, type TestServer } from '../../support/server.js';

/** Our proxy at the address that it publishes; it can be taken off the net and put back. */
export class PublicProxy {
  readonly world: ProxyWorld;
  /** What a device has to be told. */
  readonly settings: DeviceFlowSettings;
  readonly #listener: RequestListener;
  readonly #port: number;
  #front: TestServer;

  private constructor(world: ProxyWorld, front: TestServer, listener: RequestListener) {
    this.world = world;
    this.#front = front;
    this.#port = front.port;
    this.#listener = listener;
    this.settings = deviceFlowSettings({ server: world.settings.publicUrl, clientId: publicClient });
  }

  static async start(options: WorldOptions = {}): Promise<PublicProxy> {
    let proxy: NodeListener = (_message, reply) => reply.writeHead(503).end();
    const listener: RequestListener = (message, reply) => {
      proxy(message, reply);
    };
    const front = await serve(listener);
    const settings: ChosenSettings = { ...options.settings, publicUrl: front.url.origin };
    const world = await ProxyWorld.start({ ...options, settings });
    proxy = nodeListener(world.first.proxy);
    return new PublicProxy(world, front, listener);
  }

  /** Nobody reaches it any more; what it knows stays. */
  down(): Promise<void> {
    return this.#front.close();
  }

  async up(): Promise<void> {
    this.#front = await serve(this.#listener, { port: this.#port });
  }

  /** Enters a code and consents at Enedis, for the first usage point of a customer. */
  async consent(userCode: string, customer?: string): Promise<void> {
    const browser = this.world.browser();
    const authorizeUrl = await this.world.enter(userCode, browser);
    const chosen = customer === undefined ? {} : { customer };
    const callback = await this.world.enedis.consent({ authorizeUrl, ...chosen });
    const page = await browser.follow(await browser.open(callback));
    assert.equal(page.status, 200, page.text);
  }

  /** Enters a code and refuses at Enedis. */
  async refuse(userCode: string): Promise<void> {
    const browser = this.world.browser();
    const authorizeUrl = await this.world.enter(userCode, browser);
    await browser.follow(await browser.open(await this.world.enedis.refuse({ authorizeUrl })));
  }

  async close(): Promise<void> {
    await this.#front.close();
    await this.world.close();
  }
}
