import { homedir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { NodeAPI } from 'node-red';
import type { Roots } from './place.js';

/** The settings of Node-RED that a proxy depends on. */
interface RuntimeSettings {
  readonly userDir?: string;
  readonly readOnly?: boolean;
  readonly uiHost?: string;
  readonly uiPort?: number | string;
  readonly https?: unknown;
  readonly httpRoot?: string | false;
  readonly httpNodeRoot?: string | false;
  readonly httpAdminRoot?: string | false;
  readonly httpNodeAuth?: unknown;
  readonly httpServerOptions?: Readonly<Record<string, unknown>>;
}

/** What a proxy takes from the Node-RED around it. */
export interface Surroundings {
  readonly roots: Roots;
  /** Where a proxy at this path is reached, if Node-RED listens on this machine's loopback address only. */
  readonly ownUrl: (path: string) => string | undefined;
  /** The directory for the store of a node; `undefined` where Node-RED's settings are read-only. */
  readonly directory: (id: string) => string | undefined;
  /** Addresses and ranges of reverse proxies, as Node-RED was told by `httpServerOptions`. */
  readonly trustedProxies: readonly string[];
  /** Whether Node-RED asks for a password before any of what flows serve. */
  readonly guarded: boolean;
}

/** The names that Express has for ranges of addresses. */
const ranges: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/**
 * The addresses in the setting `trust proxy` of Express. Only addresses, ranges and their names count: `true` and a number
 * of hops would believe whatever a client writes.
 */
export function trustedProxies(setting: unknown): string[] {
  const entries = Array.isArray(setting) ? setting : typeof setting === 'string' ? setting.split(',') : [];
  return entries.flatMap((entry) => {
    const name = String(entry).trim();
    return ranges[name] ?? (name === '' ? [] : [name]);
  });
}

function rootOf(root: string | false | undefined, both: string | false | undefined): string | undefined {
  if (root === false || both === false) return undefined;
  const inner = (root ?? both ?? '').replace(/^\/+|\/+$/g, '');
  return inner === '' ? '/' : `/${inner}/`;
}

function isLoopback(host: string | undefined): host is string {
  return host !== undefined && /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/.test(host);
}

function portOf(RED: NodeAPI, given: number | string | undefined): number | undefined {
  if (Number(given) > 0) return Number(given);
  const server = RED.server as NodeAPI['server'] | undefined;
  const address = server?.address() as AddressInfo | null | undefined;
  return address?.port;
}

/** A name for a directory, whatever characters the id has. */
function directoryName(id: string): string {
  return `proxy-${id.replace(/[^A-Za-z0-9_-]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)}`;
}

/** The Node-RED around. */
export function surroundingsOf(RED: NodeAPI): Surroundings {
  const settings = RED.settings as unknown as RuntimeSettings;
  const { httpRoot, httpNodeRoot, httpAdminRoot, uiHost, readOnly } = settings;
  const node = rootOf(httpNodeRoot, httpRoot);
  return {
    roots: { node, admin: rootOf(httpAdminRoot, httpRoot) },
    ownUrl: (path) => {
      const port = portOf(RED, settings.uiPort);
      if (!isLoopback(uiHost) || port === undefined || node === undefined) return undefined;
      const host = uiHost.includes(':') ? `[${uiHost}]` : uiHost;
      return `${settings.https === undefined ? 'http' : 'https'}://${host}:${String(port)}${node.slice(0, -1)}${path}`;
    },
    directory: (id) =>
      readOnly === true
        ? undefined
        : join(settings.userDir ?? join(homedir(), '.node-red'), 'energy-nodes', directoryName(id)),
    trustedProxies: trustedProxies(settings.httpServerOptions?.['trust proxy']),
    guarded: settings.httpNodeAuth !== undefined,
  };
}
