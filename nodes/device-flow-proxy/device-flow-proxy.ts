import type { Node, NodeAPI } from 'node-red';
import { asEnergyError, EnergyError } from '../../lib/errors.js';
import { nodeListener } from '../../lib/proxy/http/node-listener.js';
import type { Log } from '../../lib/proxy/log.js';
import { SettingsError } from '../../lib/proxy/settings/source.js';
import { onClose } from '../shared/handler.js';
import { Activity } from './activity.js';
import { Mounts } from './mounts.js';
import { isReserved, normalPath, pathProblem } from './place.js';
import { failureKind, fieldError, openingError, settingsError, type Texts } from './problems.js';
import { RunningProxy } from './running.js';
import { readNodeSettings, type NodeSettings, type ProxyCredentials, type ProxyDefinition } from './settings.js';
import { ProxyStatus } from './status.js';
import { surroundingsOf, type Surroundings } from './surroundings.js';

type ProxyNode = Node<ProxyCredentials>;

const usualPath = '/enedis';

/** The log of a node: lines of the proxy among those of Node-RED. */
function logOf(node: Node): Log {
  const write = { debug: 'debug', info: 'log', warn: 'warn', error: 'warn' } as const;
  return (level, message, fields = {}) => {
    const details = Object.entries(fields).filter(([, value]) => value !== undefined);
    node[write[level]]([message, ...details.map(([name, value]) => `${name}=${String(value)}`)].join(' '));
  };
}

/** The path of a node. @throws EnergyError `invalid_argument` */
function placeOf(definition: ProxyDefinition, { roots }: Surroundings, texts: Texts): string {
  if (roots.node === undefined) {
    throw new EnergyError('not_allowed', texts('problem.disabled'), { parameters: { field: 'httpNodeRoot' } });
  }
  const given = definition.path ?? usualPath;
  const path = normalPath(given);
  const problem = pathProblem(given) ?? (isReserved(path, roots) ? 'reserved' : undefined);
  if (problem) throw fieldError('path', `validate.path.${problem}`, texts);
  return path;
}

function settingsOf(node: ProxyNode, definition: ProxyDefinition, path: string, around: Surroundings): NodeSettings {
  return readNodeSettings(definition, node.credentials, {
    publicUrl: around.ownUrl(path),
    directory: around.directory(node.id),
    trustedProxies: around.trustedProxies,
  });
}

/** Opens the proxy of a node; what happens goes to its output, its status and its log. */
function run(node: ProxyNode, settings: NodeSettings, status: ProxyStatus, texts: Texts): RunningProxy {
  const activity = new Activity(settings.proxy.codeLifetime);
  const { kind } = settings.store;
  const changed = () => status.changed(activity, () => running.health());
  const running: RunningProxy = new RunningProxy(settings, {
    onEvent(event) {
      activity.note(event);
      node.send({ topic: `device-flow-proxy/${event.name}`, payload: { ...event } });
      changed();
    },
    onReady() {
      node.log(texts('log.ready', { url: settings.proxy.publicUrl }));
      changed();
    },
    onFailure(error) {
      status.failed(`failure.${failureKind(error, kind)}`);
      node.error(openingError(error, kind, texts), {});
    },
    onAnswer: changed,
    log: logOf(node),
  });
  return running;
}

/** Registers the node `device-flow-proxy`: serves a device-flow proxy, and tells what happens there. */
export default function register(RED: NodeAPI): void {
  const texts: Texts = (key, values) => RED._(key, values);
  const { events } = RED;
  const mounts = new Mounts(RED.httpNode, events);

  /** Opens and mounts. @throws EnergyError `invalid_argument`, `not_allowed` */
  function start(node: ProxyNode, definition: ProxyDefinition, status: ProxyStatus): RunningProxy {
    const around = surroundingsOf(RED);
    const path = placeOf(definition, around, texts);
    const settings = settingsOf(node, definition, path, around);
    const listen = nodeListener({ handle: (request) => running.handle(request) }, { basePath: path });
    if (!mounts.add(node.id, path, listen)) throw fieldError('path', 'validate.path.taken', texts);
    for (const field of settings.warnings) node.warn(`${texts(`label.${field}`)}: ${texts(`warning.${field}`)}`);
    if (around.guarded) node.warn(texts('warning.httpNodeAuth'));
    const running = run(node, settings, status, texts);
    return running;
  }

  function DeviceFlowProxy(this: ProxyNode, definition: ProxyDefinition): void {
    RED.nodes.createNode(this, definition);
    const status = new ProxyStatus(this, (key, values) => texts(`status.${key}`, values));
    let running: RunningProxy | undefined;
    let report: (() => void) | undefined;
    status.starting();
    try {
      running = start(this, definition, status);
    } catch (raw) {
      const error = raw instanceof SettingsError ? settingsError(raw, texts) : asEnergyError(raw);
      status.failed('settings');
      // Catch nodes hear of it only when they are there.
      report = () => this.error(error, {});
      events.once('flows:started', report);
    }
    onClose(this, async (removed) => {
      if (report) events.off('flows:started', report);
      status.stop();
      if (removed) mounts.remove(this.id);
      else mounts.pause(this.id);
      await running?.close();
    });
  }

  RED.nodes.registerType('device-flow-proxy', DeviceFlowProxy as never, {
    credentials: {
      clientId: { type: 'text' },
      clientSecret: { type: 'password' },
      mongodbUri: { type: 'password' },
      secret: { type: 'password' },
    },
  });
}
