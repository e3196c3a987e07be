import assert from 'node:assert/strict';
import { startGateway } from '../../simulator/index.js';
import type { GatewayOptions, SimulatedGateway } from '../../simulator/index.js';
import { ask, bearer } from './client.js';

/** Noon of a day in June. */
export const noon = Date.UTC(2026, 5, 21, 11, 40);

/** What a meter says in `production.json`. */
export interface Eim {
  type: string;
  activeCount: number;
  measurementType?: string;
  wNow: number;
  whLifetime: number;
  whToday: number;
  readingTime: number;
  lines?: unknown[];
}
/** `production.json`. */
export interface ProductionDocument {
  production: Eim[];
  consumption?: Eim[];
}

/** Gateways of the tests of one `describe`; what is `running` is closed after each. */
export function withGateways() {
  const running: { close(): Promise<void> }[] = [];
  async function gatewayWith(options: GatewayOptions): Promise<SimulatedGateway> {
    const gateway = await startGateway({ commissionedAt: Date.UTC(2026, 4, 1), ...options });
    running.push(gateway);
    return gateway;
  }
  async function read<T>(gateway: SimulatedGateway, path: string): Promise<T> {
    const { body, status } = await ask(gateway.url + path, bearer(await gateway.issueToken()));
    assert.equal(status, 200, path);
    return JSON.parse(body) as T;
  }
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  });
  return { running, gatewayWith, read };
}
