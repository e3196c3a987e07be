import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { usableTimeZone } from '../../lib/envoy/datasets/local-midnight.js';
import { datasetNames, type DatasetName } from '../../lib/envoy/datasets/types.js';
import { isQuietTime } from '../../lib/envoy/gentle/quiet-window.js';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import { AuthenticationError, EnergyError } from '../../lib/errors.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { inBackground, onClose, onInput, type Send } from '../shared/handler.js';
import { authenticationMessage } from '../shared/authentication-message.js';
import { localized, sharedTexts } from '../shared/texts.js';
import { readStatus, type StatusTexts } from './status.js';

/** Properties of an `envoy-read` node (design 3.2). */
interface ReadDefinition extends NodeDef {
  readonly gateway: string;
  readonly datasets?: readonly string[];
  /** Seconds; 0 reads on input only. */
  readonly interval?: number | string;
  readonly raw?: boolean;
}

/** A gateway is a slow computer: it is not asked more often than this by a timer, seconds (spec/envoy appendix C). */
const shortestInterval = 10;

type Message = NodeMessage & { fingerprint?: unknown };

function wantedDatasets(names: readonly string[] | undefined): DatasetName[] {
  return datasetNames.filter((name) => names?.includes(name));
}

function intervalOf(value: number | string | undefined): number {
  const seconds = Number(value ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(shortestInterval, seconds) : 0;
}

/** Whether the gateway may be in its nightly maintenance now: what a timer reads then may fail without being a failure. */
function isQuiet(gateway: GatewayNode): boolean {
  return isQuietTime(Date.now(), usableTimeZone(gateway.sessionState()?.timeZone));
}

/** Does what the topic of a message asks for, before the gateway is read. */
async function followTopic(gateway: GatewayNode, message: Message): Promise<void> {
  if (message.topic === 'reauthenticate') {
    await gateway.reauthenticate(typeof message.fingerprint === 'string' ? message.fingerprint : undefined);
  } else if (message.topic === 'probe') {
    await gateway.probeGateway();
  } else if (message.topic === 'token') {
    const token = message.payload;
    // The token must not go on with the message, neither to the next node nor to a Catch node.
    delete message.payload;
    if (typeof token !== 'string' || token.trim() === '') {
      throw new EnergyError('invalid_argument', 'With the topic "token" msg.payload must hold the token as text.', {
        parameters: { field: 'payload' },
      });
    }
    await gateway.setToken(token);
  }
}

/** Registers the node `envoy-read`: data on the first output, authentication errors on the second. */
export default function register(RED: NodeAPI): void {
  const texts = sharedTexts(RED);

  function EnvoyRead(this: Node, config: ReadDefinition): void {
    RED.nodes.createNode(this, config);
    const statusTexts: StatusTexts = (key, values) => RED._(`status.${key}`, values);
    const show = readStatus(this, statusTexts);
    const gateway = RED.nodes.getNode(config.gateway) as GatewayNode | null;
    const wish = { datasets: wantedDatasets(config.datasets), raw: config.raw === true };

    const read = async (message: Message, send: Send, timed = false): Promise<void> => {
      if (!gateway) {
        throw new EnergyError('invalid_argument', 'No gateway is chosen.', { parameters: { field: 'gateway' } });
      }
      const quiet = timed && isQuiet(gateway);
      if (!quiet) show.reading();
      let payload: GatewayPayload;
      try {
        await followTopic(gateway, message);
        payload = await gateway.readGateway({ ...wish, gentle: timed, patient: !quiet });
      } catch (error) {
        const excused = quiet || (timed && isQuiet(gateway));
        if (excused && !(error instanceof AuthenticationError)) return;
        show.failure(error);
        if (!(error instanceof AuthenticationError)) throw error;
        send([null, authenticationMessage(this, gateway.id, message, error, texts)]);
        return;
      }
      show.data(payload, gateway.sessionState());
      const problem = gateway.takeProblem();
      const warning = problem && authenticationMessage(this, gateway.id, { ...message }, problem, texts);
      send([Object.assign(message, { topic: `envoy/${payload.gateway.serial}`, payload }), warning ?? null]);
    };
    onInput(
      this,
      (message, send) => read(message, send),
      (error) => localized(error, texts),
    );

    if (gateway) show.waiting();
    else show.noGateway();
    const stop = gateway && startPolling(this, gateway, intervalOf(config.interval), read);
    onClose(this, () => {
      stop?.();
      return Promise.resolve();
    });
  }

  function startPolling(
    node: Node,
    gateway: GatewayNode,
    seconds: number,
    read: (message: Message, send: Send, timed: boolean) => Promise<void>,
  ): (() => void) | undefined {
    if (seconds === 0) return undefined;
    let busy = false;
    return gateway.poll(seconds, () => {
      if (busy) return;
      busy = true;
      const message: Message = { _msgid: RED.util.generateId() };
      const task = () =>
        read(message, (messages) => node.send(messages), true).finally(() => {
          busy = false;
        });
      inBackground(task, (error) => {
        node.error(localized(error, texts), message);
      });
    });
  }

  RED.nodes.registerType('envoy-read', EnvoyRead as never);
}
