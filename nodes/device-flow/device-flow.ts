import type { Node, NodeAPI, NodeDef } from 'node-red';
import { EnergyError } from '../../lib/errors.js';
import type { AccountNode } from '../shared/account-node.js';
import { inBackground, onClose, onInput } from '../shared/handler.js';
import { accountTexts, localized } from '../shared/texts.js';
import { serveAdmin, type FlowNode } from './admin.js';
import { Flow } from './flow.js';
import { FlowStatus } from './status.js';

/** Properties of a `device-flow` node (design 3.5). */
interface FlowDefinition extends NodeDef {
  readonly account?: string;
  /** Start when there is no usable token. */
  readonly autostart?: boolean;
  /** How many codes a dance may have. */
  readonly attempts?: number | string;
  readonly exposeTokens?: boolean;
}

const usualAttempts = 3;
const mostAttempts = 100;

/** The number of codes as it can be used. */
function attemptsOf(value: number | string | undefined): number {
  const attempts = Math.round(Number(value ?? usualAttempts));
  return attempts >= 1 ? Math.min(attempts, mostAttempts) : usualAttempts;
}

/** Registers the node `device-flow`: a person's consent, from a code to tokens that stay alive. */
export default function register(RED: NodeAPI): void {
  const texts = accountTexts(RED);

  /** Tells every open editor that a code waits; which one it is only those who may read the flows can ask. */
  function publish(id: string, attempt: number | undefined): void {
    const waiting = attempt !== undefined;
    RED.comms.publish(`device-flow/${id}`, { waiting, ...(waiting && { attempt }) }, waiting);
  }

  function flowOf(node: Node, account: AccountNode, config: FlowDefinition, status: FlowStatus): Flow {
    let published: number | undefined;
    return new Flow({
      node,
      account,
      texts,
      status,
      attempts: attemptsOf(config.attempts),
      autostart: config.autostart === true,
      exposeTokens: config.exposeTokens === true,
      newMessage: () => ({ _msgid: RED.util.generateId() }),
      publish: (attempt) => {
        if (attempt !== published) publish(node.id, attempt);
        published = attempt;
      },
    });
  }

  function DeviceFlow(this: FlowNode, config: FlowDefinition): void {
    RED.nodes.createNode(this, config);
    const status = new FlowStatus(this, (key, values) => RED._(`status.${key}`, values));
    const account = RED.nodes.getNode(config.account ?? '') as AccountNode | null;
    const flow = account ? flowOf(this, account, config, status) : undefined;
    if (flow) this.flow = flow;
    else status.noAccount();

    onInput(
      this,
      async (message, send) => {
        if (!flow) {
          throw new EnergyError('invalid_argument', texts('problem.noAccount') ?? 'No account is chosen.', {
            parameters: { field: 'account' },
          });
        }
        await flow.input(message, send);
      },
      (error) => localized(error, texts),
    );
    // Before that, nodes behind this one may not be there yet.
    const begin = () => {
      if (flow)
        inBackground(
          () => flow.begin(),
          (error) => this.error(localized(error, texts)),
        );
    };
    RED.events.once('flows:started', begin);
    onClose(this, () => {
      RED.events.off('flows:started', begin);
      flow?.close();
      return Promise.resolve();
    });
  }

  RED.nodes.registerType('device-flow', DeviceFlow);
  serveAdmin(RED, texts);
}
