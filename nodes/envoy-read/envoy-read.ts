import type { Node, NodeAPI, NodeDef } from 'node-red';
import { usableTimeZone } from '../../lib/envoy/datasets/local-midnight.js';
import { datasetNames, type DatasetName } from '../../lib/envoy/datasets/types.js';
import { isQuietTime } from '../../lib/envoy/gentle/quiet-window.js';
import type { GatewayPayload } from '../../lib/envoy/payload.js';
import { AuthenticationError, type EnergyError } from '../../lib/errors.js';
import { authenticationMessage } from '../shared/authentication-message.js';
import { noGatewayChosen, type GatewayNode } from '../shared/gateway-node.js';
import { onClose, onInput, type Send } from '../shared/handler.js';
import type { StatusTexts } from '../shared/status.js';
import { localized, sharedTexts } from '../shared/texts.js';
import { startLive } from './live.js';
import { intervalOf, startPolling } from './polling.js';
import { readStatus } from './status.js';
import { followTopic, takeToken, type Answer, type ReadMessage } from './topics.js';

/** Properties of an `envoy-read` node (design 3.2). */
interface ReadDefinition extends NodeDef {
  readonly gateway: string;
  readonly datasets?: readonly string[];
  /** Seconds; 0 reads on input only. */
  readonly interval?: number | string;
  /** Live readings about once a second. */
  readonly stream?: boolean;
  readonly raw?: boolean;
}

function wantedDatasets(names: readonly string[] | undefined): DatasetName[] {
  return datasetNames.filter((name) => names?.includes(name));
}

/** Whether the gateway may be in its nightly maintenance now: what a timer reads then may fail without being a failure. */
function isQuiet(gateway: GatewayNode): boolean {
  return isQuietTime(Date.now(), usableTimeZone(gateway.sessionState()?.timeZone));
}

function isPayload(result: Answer | GatewayPayload): result is GatewayPayload {
  return 'readAt' in result;
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

    const read = async (message: ReadMessage, send: Send, timed: boolean): Promise<void> => {
      const token = takeToken(message);
      if (!gateway) throw noGatewayChosen();
      const quiet = timed && isQuiet(gateway);
      if (!quiet) show.reading();
      let result: Answer | GatewayPayload;
      try {
        const answer = await followTopic(RED, gateway, message, token);
        result = answer ?? (await (await gateway.openSession()).read({ ...wish, gentle: timed, patient: !quiet }));
      } catch (error) {
        const excused = quiet || (timed && isQuiet(gateway));
        if (excused && !(error instanceof AuthenticationError)) return;
        show.failure(error);
        if (!(error instanceof AuthenticationError)) throw error;
        send([null, authenticationMessage(this, gateway.id, message, error, texts)]);
        return;
      }
      if (!isPayload(result)) {
        show.answered();
        send([Object.assign(message, result), null]);
        return;
      }
      show.data(result, gateway.sessionState());
      const problem = gateway.takeProblem();
      const warning = problem && authenticationMessage(this, gateway.id, { ...message }, problem, texts);
      send([Object.assign(message, { topic: `envoy/${result.gateway.serial}`, payload: result }), warning ?? null]);
    };
    onInput(
      this,
      (message, send) => read(message, send, false),
      (error) => localized(error, texts),
    );

    const newMessage = (): ReadMessage => ({ _msgid: RED.util.generateId() });
    const readByTimer = () => read(newMessage(), (messages) => this.send(messages), true);
    const timerFailed = (error: EnergyError) => {
      this.error(localized(error, texts), newMessage());
    };
    const live = (from: GatewayNode) =>
      startLive(from, {
        message: (message) => this.send([message, null]),
        failed: (error) => {
          show.failure(error);
          if (error instanceof AuthenticationError) {
            this.send([null, authenticationMessage(this, from.id, newMessage(), error, texts)]);
          } else {
            this.error(localized(error, texts), newMessage());
          }
        },
      });

    if (gateway) show.waiting();
    else show.noGateway();
    const stopPolling = gateway && startPolling(gateway, intervalOf(config.interval), readByTimer, timerFailed);
    const stopLive = gateway && config.stream === true ? live(gateway) : undefined;
    onClose(this, () => {
      stopPolling?.();
      stopLive?.();
      return Promise.resolve();
    });
  }

  RED.nodes.registerType('envoy-read', EnvoyRead as never);
}
