import { SingleFlight } from '../async/single-flight.js';
import { TransportFailure } from '../http/failure.js';
import type { Transport, TransportReply } from '../http/transport.js';
import type { Clock } from './clock.js';
import type { Failure } from './failures.js';
import { membersOf, retryAfterOf, type Members } from './interpret.js';
import type { DeviceFlowEndpoints, DeviceFlowSettings } from './settings.js';

/** What requests are sent with. */
export type Sender = Pick<Transport, 'send'>;

/** How long it is believed what a server publishes, or that it publishes nothing, ms. */
const memory = 86_400_000;

/** A server of which it cannot be told at the moment what it publishes. */
export class MetadataTrouble extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super('The server has a problem of its own.');
    this.name = 'MetadataTrouble';
    this.failure = failure;
  }
}

/** Where a server may publish its metadata (RFC 8414 section 3; below its own path as well, where proxies have it). */
export function metadataUrls(server: string): URL[] {
  const { origin, pathname } = new URL(server);
  const path = pathname.replace(/\/+$/, '');
  const name = '.well-known/oauth-authorization-server';
  const places = [`${origin}/${name}${path}`, `${server}/${name}`, `${server}/.well-known/openid-configuration`];
  return [...new Set(places)].map((each) => new URL(each));
}

function withoutSlash(url: unknown): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : '';
}

/** What an answer publishes on this server; `undefined` where it publishes nothing (a 404, a page, another issuer). */
export function publishedMetadata(server: string, reply: TransportReply): Members | undefined {
  const members = reply.status === 200 ? membersOf(reply.body) : undefined;
  return members && withoutSlash(members['issuer']) === withoutSlash(server) ? members : undefined;
}

/** A published endpoint, unless it would take what was to go over TLS out of it. */
function endpoint(server: string, value: unknown): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol } = new URL(value);
  const safe = protocol === 'https:' || (protocol === 'http:' && new URL(server).protocol === 'http:');
  return safe ? value : undefined;
}

function authenticationOf(published: Members | undefined): DeviceFlowEndpoints['authentication'] {
  if (!published) return 'form';
  const methods = published['token_endpoint_auth_methods_supported'] ?? ['client_secret_basic'];
  const names = Array.isArray(methods) ? methods : [];
  return names.includes('client_secret_basic') && !names.includes('client_secret_post') ? 'basic' : 'form';
}

/** The endpoints: set by hand, or published, or the usual ones (design 3.4). */
export function chooseEndpoints(settings: DeviceFlowSettings, published: Members | undefined): DeviceFlowEndpoints {
  const { server } = settings;
  const of = (name: string): string | undefined => endpoint(server, published?.[name]);
  const token = settings.tokenEndpoint ?? of('token_endpoint') ?? `${server}/device/token`;
  const revocation = of('revocation_endpoint');
  return {
    device: settings.deviceEndpoint ?? of('device_authorization_endpoint') ?? `${server}/device/code`,
    token,
    refresh: settings.refreshEndpoint ?? token,
    ...(revocation !== undefined && { revocation }),
    authentication: authenticationOf(published),
  };
}

/** A page without end is no metadata. */
function unlessTooLarge(error: unknown): undefined {
  if (error instanceof TransportFailure && error.kind === 'too_large') return undefined;
  throw error;
}

/** Finds the endpoints of a server, and keeps them for a day. */
export class EndpointFinder {
  readonly #settings: DeviceFlowSettings;
  readonly #transport: Sender;
  readonly #clock: Clock;
  readonly #flight = new SingleFlight<DeviceFlowEndpoints>();
  #found: { readonly endpoints: DeviceFlowEndpoints; readonly until: number } | undefined;

  constructor(settings: DeviceFlowSettings, transport: Sender, clock: Clock) {
    this.#settings = settings;
    this.#transport = transport;
    this.#clock = clock;
  }

  /** A server that does not answer is not one that publishes nothing. @throws TransportFailure, MetadataTrouble */
  async find(): Promise<DeviceFlowEndpoints> {
    const { monotonic } = this.#clock.read();
    if (this.#found && monotonic < this.#found.until) return this.#found.endpoints;
    return this.#flight.run(async () => {
      const endpoints = chooseEndpoints(this.#settings, await this.#ask());
      this.#found = { endpoints, until: this.#clock.read().monotonic + memory };
      return endpoints;
    });
  }

  async #ask(): Promise<Members | undefined> {
    const { server, userAgent, timeout } = this.#settings;
    for (const url of metadataUrls(server)) {
      const headers = { accept: 'application/json', 'user-agent': userAgent };
      const reply = await this.#transport
        .send({ url, headers, timeout, limit: 64 * 1024, keepAlive: false })
        .catch(unlessTooLarge);
      if (!reply) continue;
      const retryAfter = retryAfterOf(reply, this.#clock.read().now);
      const later = retryAfter === undefined ? {} : { retryAfter };
      if (reply.status === 429) throw new MetadataTrouble({ code: 'rate_limited', ...later });
      if (reply.status >= 500) throw new MetadataTrouble({ code: 'server_error', ...later });
      const published = publishedMetadata(server, reply);
      if (published) return published;
    }
    return undefined;
  }
}
