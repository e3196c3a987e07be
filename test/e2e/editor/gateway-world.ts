import type { Browser } from 'playwright-core';
import { startCloud, startGateway, type SimulatedCloud, type SimulatedGateway } from '../../../simulator/index.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';

export const serial = '122600000042';

/** The account of the world; its password must never be seen again. */
export const account = { email: 'someone@example.com', password: 'a-password-never-to-be-seen', serials: [serial] };

/** A simulated gateway, and the cloud that gives tokens for it. */
export interface GatewayWorld {
  readonly cloud: SimulatedCloud;
  readonly gateway: SimulatedGateway;
  close(): Promise<void>;
}

/** Starts a gateway in the middle of the day, and its cloud. */
export async function startGatewayWorld(): Promise<GatewayWorld> {
  const cloud = await startCloud({ tls: false, accounts: [account] });
  const gateway = await startGateway({ serial, cloud, startAt: 13 });
  return {
    cloud,
    gateway,
    async close() {
      await gateway.close();
      await cloud.close();
    },
  };
}

/** The same with a Node-RED and a browser before it. */
export interface EditorWorld extends GatewayWorld {
  readonly nodeRed: NodeRedProcess;
  readonly browser: Browser;
}

/** Starts a gateway, its cloud, a Node-RED that does not know them yet, and a browser. */
export async function startEditorWorld(): Promise<EditorWorld> {
  const [nodeRed, browser, world] = await Promise.all([startNodeRed(), launchBrowser(), startGatewayWorld()]);
  return {
    ...world,
    nodeRed,
    browser,
    async close() {
      await browser.close();
      await nodeRed.stop();
      await world.close();
    },
  };
}
