import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { repositoryRoot, type FlowNode } from '../../support/node-red/user-dir.js';

const flows = JSON.parse(readFileSync(join(repositoryRoot, 'demo/flows.json'), 'utf8')) as FlowNode[];

/** What a function node keeps, in memory. */
export class Context {
  readonly #values = new Map<string, unknown>();
  constructor(values: Readonly<Record<string, unknown>> = {}) {
    for (const [key, value] of Object.entries(values)) this.set(key, value);
  }
  get(key: string): unknown {
    return this.#values.get(key);
  }
  set(key: string, value: unknown): void {
    this.#values.set(key, value);
  }
}

export type Message = Readonly<Record<string, unknown>>;

/** The function node `id` as the flow of the demo has it: run with a message it gives what the node sends. */
export function functionNode(
  id: string,
  stores: { readonly flow?: Context; readonly global?: Context } = {},
): (message: Message) => unknown {
  const node = flows.find((each) => each.id === id);
  assert.equal(typeof node?.['func'], 'string', `there is no function node ${id}`);
  const names = ['msg', 'flow', 'global', 'context'];
  const code = compileFunction(node?.['func'] as string, names) as (...values: unknown[]) => unknown;
  const { flow = new Context(), global = new Context() } = stores;
  const context = new Context();
  return (message) => code(message, flow, global, context);
}
