import type { NodeAPI, NodeDef } from 'node-red';
import { Ticker } from '../../lib/async/ticker.js';
import type { AuthenticationError } from '../../lib/errors.js';
import type { ReadWish } from '../../lib/envoy/reader.js';
import type { GatewaySession } from '../../lib/envoy/session.js';
import { gatewaySettings, type GatewayCredentials } from '../../lib/envoy/settings.js';
import { EnlightenLogins } from '../shared/enlighten-logins.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { onClose } from '../shared/handler.js';
import { openStorage } from '../shared/storage.js';
import { localized, sharedTexts } from '../shared/texts.js';
import { serveAdmin } from './admin.js';
import { createSession, type SessionListeners } from './create-session.js';
import { isEnvironmentReference, liveCredentials } from './credentials.js';
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
  function mirrorToken(id: string, token: string | undefined): void {
    const { token: mirrored, ...rest } = credentialsOf(id) ?? {};
    if (isEnvironmentReference(mirrored)) return;
    if (mirrored !== token) void RED.nodes.addCredentials(id, token === undefined ? rest : { ...rest, token });
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
    const listeners: SessionListeners = {
      onProblem: (error) => (problem = error),
      onToken: (token) => {
        mirrorToken(this.id, token);
      },
      onFailure: (error) => {
        this.warn(localized(error, texts).message);
      },
    };
    const start = async (): Promise<GatewaySession> => {
      const settings = gatewaySettings(config);
      opened = await createSession({ settings, credentials, memory, logins, startedByPerson }, listeners);
      return opened;
    };
    const theSession = (): Promise<GatewaySession> => (session ??= start());

    this.openSession = theSession;
    this.readGateway = async (wish: ReadWish) => (await theSession()).read(wish);
    this.reauthenticate = async (fingerprint) => (await theSession()).reauthenticate(fingerprint);
    this.setToken = async (token) => (await theSession()).setToken(token);
    this.probeGateway = async () => (await theSession()).probe();
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
