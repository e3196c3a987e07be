import { createRequire } from 'node:module';
import type { Node, NodeAPI } from 'node-red';

/** The part of node-red-node-test-helper, which comes without types, that tests of nodes use. */
export interface NodeTestHelper {
  init(runtimePath: string): void;
  /** Settings of the runtime for the flows that are loaded from now on. */
  settings(settings: Readonly<Record<string, unknown>>): void;
  /** Starts a flow of nodes registered by the given functions; nodes of the type `helper` hear what reaches them. */
  load(
    registrations: readonly ((RED: NodeAPI) => void)[],
    flow: readonly Readonly<Record<string, unknown>>[],
    credentials?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): Node;
}

const require = createRequire(import.meta.url);

/** Runs nodes in a Node-RED runtime inside the process of the test. */
export const helper = require('node-red-node-test-helper') as NodeTestHelper;
helper.init(require.resolve('node-red'));
