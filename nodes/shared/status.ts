import type { Node, NodeStatusFill } from 'node-red';
import { asEnergyError, AuthenticationError } from '../../lib/errors.js';

/** Status texts of a node's catalog, in the language of the server. */
export type StatusTexts = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** What stands below a node; a status that stays the same is not sent again. */
export class StatusLine {
  readonly #node: Node;
  #shown = '';
  #fill: NodeStatusFill | undefined;

  constructor(node: Node) {
    this.#node = node;
  }

  /** The colour that is shown; `undefined` before the first. */
  get fill(): NodeStatusFill | undefined {
    return this.#fill;
  }

  show(fill: NodeStatusFill, shape: 'dot' | 'ring', text: string): void {
    const next = `${fill} ${shape} ${text}`;
    if (next === this.#shown) return;
    this.#shown = next;
    this.#fill = fill;
    this.#node.status({ fill, shape, text });
  }
}

/** The key of the text for a failure in the catalogs: those of authentication stand by themselves. */
export function failureKey(error: unknown): string {
  const known = asEnergyError(error);
  return `${known instanceof AuthenticationError ? 'auth' : 'failure'}.${known.code}`;
}
