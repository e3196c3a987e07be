import type { NodeAPI, NodeDef } from 'node-red';
import { Ticker } from '../../lib/async/ticker.js';
import type { AuthenticationError, EnergyError } from '../../lib/errors.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import { gatewaySettings, type GatewayCredentials } from '../../lib/envoy/settings.js';
import { EnlightenLogins } from '../shared/enlighten-logins.js';
import { isEnvironmentReference } from '../shared/environment.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { inBackground, onClose } from '../shared/handler.js';
import { openStorage } from '../shared/storage.js';
import { localized, sharedTexts } from '../shared/texts.js';
import { serveAdmin } from './admin.js';
import { createSession, type SessionListeners } from './create-session.js';
import { liveCredentials } from './credentials.js';
import { searchSettings } from './search.js';

type GatewayDefinition = NodeDef & Readonly<Record<string, unknown>>;

/** Registers the config node `envoy-gateway`: one session per gateway, shared by all nodes that use it. */
export default function register(RED: NodeAPI): void {
  const storage = openStorage(RED);
  const logins = new EnlightenLogins(storage);
  const texts = sharedTexts(RED);
  /** False until the flows ran once: nodes made before that come from a restart, later ones from a person's deploy. */
  let flowsRan = false;
  RED.events.once('flows:started', () => {
    flowsRan = true;
  });

  const credentialsOf = (id: string) => RED.nodes.getCredentials(id) as GatewayCredentials | undefined;

  /** Keeps a copy of the token among the credentials, so that projects and exports of credentials have the newest. */
  async function mirrorToken(id: string, token: string | undefined): Promise<void> {
    const { token: mirrored, ...rest } = credentialsOf(id) ?? {};
    if (isEnvironmentReference(mirrored)) return;
    if (mirrored !== token) await RED.nodes.addCredentials(id, token === undefined ? rest : { ...rest, token });
  }

  function EnvoyGateway(this: GatewayNode, config: GatewayDefinition): void {
    RED.nodes.createNode(this, config);
    const startedByPerson = flowsRan;
    const memory = storage.gateway(this.id);
    const ticker = new Ticker();
    let session: Promise<GatewaySession> | undefined;
    let opened: GatewaySession | undefined;
    let problem: AuthenticationError | undefined;

    const credentials = liveCredentials(this.credentials, () => credentialsOf(this.id));
    const warn = (error: EnergyError) => {
      this.warn(localized(error, texts).message);
    };
    const listeners: SessionListeners = {
      onProblem: (error) => (problem = error),
      // The token is safe in its file; the copy must not stand in the way of using it.
      onToken: (token) => {
        inBackground(() => mirrorToken(this.id, token), warn);
      },
      onFailure: warn,
    };
    const start = async (): Promise<GatewaySession> => {
      const settings = gatewaySettings(config);
      opened = await createSession({ settings, credentials, memory, logins, startedByPerson }, listeners);
      return opened;
    };

    this.openSession = () => (session ??= start());
    this.sessionState = () => opened?.state;
    this.session = () => opened;
    this.poll = (seconds, callback) => ticker.every(seconds * 1000, callback);
    this.takeProblem = () => {
      const taken = problem;
      problem = undefined;
      return taken;
    };
    onClose(this, async (removed) => {
      ticker.stop();
      await (await session?.catch(() => undefined))?.close();
      if (removed) await memory.retire();
    });
  }

  RED.nodes.registerType('envoy-gateway', EnvoyGateway as never, {
    credentials: { username: { type: 'text' }, password: { type: 'password' }, token: { type: 'password' } },
    settings: searchSettings,
  });
  serveAdmin(RED, { storage, logins, texts, credentialsOf });
}
