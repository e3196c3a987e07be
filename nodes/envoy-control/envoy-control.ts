import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import type { CommandName } from '../../lib/envoy/commands/types.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import { AuthenticationError, type EnergyError } from '../../lib/errors.js';
import { notAllowed } from '../../lib/explanations.js';
import { authenticationMessage } from '../shared/authentication-message.js';
import { noGatewayChosen, type GatewayNode } from '../shared/gateway-node.js';
import { onClose, onInput, type Send } from '../shared/handler.js';
import { ownRequest } from '../shared/own-request.js';
import { localized, sharedTexts } from '../shared/texts.js';
import { controlStatus } from './status.js';

/** Properties of an `envoy-control` node (design 3.3). */
interface ControlDefinition extends NodeDef {
  readonly gateway: string;
  /** Empty: taken from `msg.command`. */
  readonly command?: string;
  /** What this node may do; nothing unless named. `request` allows other methods than GET on any path. */
  readonly allow?: readonly string[];
}

type Message = NodeMessage & { command?: unknown };

/** What one message came to. */
interface Outcome {
  readonly confirmed: boolean;
  readonly payload: unknown;
  readonly topic: string;
}

function notTicked(command: string): EnergyError {
  const message = `"${command}" is not ticked in the "allow" list of this node.`;
  return notAllowed('allow', { rule: 'notTicked', command }, message);
}

async function request(session: GatewaySession, allow: ReadonlySet<string>, message: Message): Promise<Outcome> {
  const wanted = ownRequest(message.payload);
  if (wanted.method !== 'GET' && !allow.has('request')) throw notTicked('request');
  return { confirmed: true, payload: await session.request(wanted), topic: `envoy/request${wanted.path}` };
}

async function command(session: GatewaySession, allow: ReadonlySet<string>, name: unknown, payload: unknown) {
  const { parseCommandName } = await import('../../lib/envoy/commands/commands.js');
  const { performCommand } = await import('../../lib/envoy/commands/perform.js');
  const wanted: CommandName = parseCommandName(name);
  if (!allow.has(wanted)) throw notTicked(wanted);
  const gateway = {
    known: () => session.known(),
    request: session.request.bind(session),
    signal: (await session.connection).signal,
  };
  const result = await performCommand(gateway, wanted, payload);
  return { confirmed: result.confirmed, payload: result, topic: `envoy/${wanted}` };
}

/** Registers the node `envoy-control`: tells a gateway something, and says what came of it. */
export default function register(RED: NodeAPI): void {
  const texts = sharedTexts(RED);

  function EnvoyControl(this: Node, config: ControlDefinition): void {
    RED.nodes.createNode(this, config);
    const show = controlStatus(this, (key) => RED._(`status.${key}`));
    const gateway = RED.nodes.getNode(config.gateway) as GatewayNode | null;
    const allow: ReadonlySet<string> = new Set(config.allow ?? []);

    const perform = async (message: Message): Promise<Outcome> => {
      if (!gateway) throw noGatewayChosen();
      const session = await gateway.openSession();
      if (message.topic === 'request') return request(session, allow, message);
      return command(session, allow, config.command || message.command, message.payload);
    };
    const handle = async (message: Message, send: Send): Promise<void> => {
      show.sending();
      try {
        const { confirmed, payload, topic } = await perform(message);
        show.done(confirmed);
        send([Object.assign(message, { payload, topic }), null]);
      } catch (error) {
        show.failure(error);
        if (!gateway || !(error instanceof AuthenticationError)) throw error;
        send([null, authenticationMessage(this, gateway.id, message, error, texts)]);
      }
    };
    onInput(this, handle, (error) => localized(error, texts));
    if (gateway) show.idle();
    else show.noGateway();
    onClose(this, () => Promise.resolve());
  }

  RED.nodes.registerType('envoy-control', EnvoyControl as never);
}
