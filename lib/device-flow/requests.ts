import { randomBytes } from 'node:crypto';
import type { AuthorizationServer, Client, ClientAuth, CustomFetchOptions } from 'oauth4webapi';
import { TransportFailure } from '../http/failure.js';
import type { TransportReply } from '../http/transport.js';
import type { Clock } from './clock.js';
import type { PollOutcome } from './dance.js';
import { EndpointFinder, MetadataTrouble, type Sender } from './endpoints.js';
import {
  codeOutcome,
  membersOf,
  normalizedCode,
  normalizedTokens,
  pollOutcome,
  probeFailure,
  readReply,
  refreshOutcome,
  type CodeOutcome,
  type GrantedTokens,
  type Members,
  type RefreshOutcome,
  type ServerReply,
} from './interpret.js';
import type { Failure } from './failures.js';
import type { DeviceFlowEndpoints, DeviceFlowSettings } from './settings.js';

type OAuth = typeof import('oauth4webapi');

let library: Promise<OAuth> | undefined;

/** The OAuth library, loaded at the first request of the process. */
export function loadOAuth(): Promise<OAuth> {
  return (library ??= import('oauth4webapi'));
}

/** What a request of the OAuth library is made with. */
interface Parties {
  readonly oauth: OAuth;
  readonly server: AuthorizationServer;
  readonly client: Client;
  readonly authentication: ClientAuth;
}

/** How the library sends a request. */
type Fetch = (url: string, options: CustomFetchOptions<'POST', URLSearchParams>) => Promise<Response>;

/** The options that every request of the library gets. */
type Options = ReturnType<typeof requestOptions>;

/** The request of one kind, and the check of a good answer to it. */
interface Exchange {
  readonly endpoint: (endpoints: DeviceFlowEndpoints) => string;
  readonly send: (parties: Parties, options: Options) => Promise<Response>;
  readonly normalize: (members: Members) => Members;
  readonly check: (parties: Parties, response: Response) => Promise<object>;
}

/**
 * Longest time for one request, ms: a proxy may wait half a minute for the server behind it, and an answer that was lost
 * must be asked for again within a minute (see `renewal.ts`).
 */
const longestTimeout = 35_000;

/** Milliseconds for a question on which nothing depends. */
const shortTimeout = 10_000;

/** Largest answer that is read (spec/device-flow 5.1 point 9). */
const limit = 64 * 1024;

function requestOptions(oauth: OAuth, url: string, userAgent: string, fetch: Fetch) {
  return {
    headers: { 'user-agent': userAgent },
    [oauth.customFetch]: fetch,
    // Only a server that the person set up with http is spoken to over http (see `endpoints.ts`): most stand at home.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the mark is there to make people think, not to go away
    [oauth.allowInsecureRequests]: new URL(url).protocol === 'http:',
  };
}

function partiesOf(oauth: OAuth, settings: DeviceFlowSettings, endpoints: DeviceFlowEndpoints, url: string): Parties {
  const { server: issuer, clientId, clientSecret } = settings;
  const secret = endpoints.authentication === 'basic' ? oauth.ClientSecretBasic : oauth.ClientSecretPost;
  return {
    oauth,
    server: {
      issuer,
      device_authorization_endpoint: url,
      token_endpoint: url,
      revocation_endpoint: url,
    },
    client: { client_id: clientId },
    authentication: clientSecret === undefined ? oauth.None() : secret(clientSecret),
  };
}

function jsonResponse(members: Members): Response {
  return new Response(JSON.stringify(members), { headers: { 'content-type': 'application/json' } });
}

/** What no answer comes to. */
function failedReply(error: unknown): ServerReply {
  if (error instanceof MetadataTrouble) return { kind: 'trouble', failure: error.failure, readable: true };
  const reason = error instanceof TransportFailure ? error.kind : 'unknown';
  const unreadable = reason === 'too_large';
  const code = unreadable ? 'server_error' : 'cloud_unavailable';
  return { kind: 'trouble', failure: { code, parameters: { reason } }, readable: !unreadable };
}

/**
 * The requests of a device-flow client. The OAuth library builds them and checks good answers; the transport of this
 * package sends them, verifies certificates, follows no redirect and bounds the answer. None of the methods raises.
 */
export class DeviceFlowRequests {
  readonly #settings: DeviceFlowSettings;
  readonly #transport: Sender;
  readonly #clock: Clock;
  readonly #finder: EndpointFinder;

  constructor(settings: DeviceFlowSettings, transport: Sender, clock: Clock) {
    this.#settings = settings;
    this.#transport = transport;
    this.#clock = clock;
    this.#finder = new EndpointFinder(settings, transport, clock);
  }

  /** Asks for a device code (RFC 8628 section 3.1). */
  async code(): Promise<CodeOutcome> {
    const { scope } = this.#settings;
    const parameters = new URLSearchParams(scope === undefined ? {} : { scope });
    const reply = await this.#exchange({
      endpoint: ({ device }) => device,
      send: ({ oauth, server, client, authentication }, options) =>
        oauth.deviceAuthorizationRequest(server, client, authentication, parameters, options),
      normalize: normalizedCode,
      check: ({ oauth, server, client }, response) =>
        oauth.processDeviceAuthorizationResponse(server, client, response),
    });
    return codeOutcome(reply);
  }

  /** Asks for the outcome of a dance (RFC 8628 section 3.4). */
  async poll(deviceCode: string): Promise<PollOutcome<GrantedTokens>> {
    return pollOutcome(await this.#poll(deviceCode));
  }

  /**
   * Asks for the outcome of a dance that nobody began, which changes nothing: a server that knows the client says that it
   * does not know the code. @returns what stands in the way, `undefined` where nothing does
   */
  async probe(): Promise<Failure | undefined> {
    const code = randomBytes(32).toString('hex');
    return probeFailure(await this.#poll(code));
  }

  /** Renews tokens (RFC 6749 section 6); the PHP server wants the list of usage points with it. */
  async refresh(refreshToken: string, usagePoints: string): Promise<RefreshOutcome> {
    const additionalParameters = usagePoints === '' ? {} : { usage_points_id: usagePoints };
    const reply = await this.#exchange({
      endpoint: ({ refresh }) => refresh,
      send: ({ oauth, server, client, authentication }, options) =>
        oauth.refreshTokenGrantRequest(server, client, authentication, refreshToken, {
          ...options,
          additionalParameters,
        }),
      normalize: normalizedTokens,
      check: ({ oauth, server, client }, response) => oauth.processRefreshTokenResponse(server, client, response),
    });
    return refreshOutcome(reply);
  }

  /** Has a token revoked (RFC 7009). @returns whether the server said so */
  async revoke(token: string): Promise<boolean> {
    try {
      const endpoints = await this.#finder.find();
      const url = endpoints.revocation;
      if (url === undefined) return false;
      const reply = await this.#send(endpoints, url, ({ oauth, server, client, authentication }, options) =>
        oauth.revocationRequest(server, client, authentication, token, options),
      );
      return reply.status === 200;
    } catch {
      return false;
    }
  }

  /** Asks until when the consents last (spec/device-flow 1.12). @returns ms since the epoch, where the server tells it */
  async consentUntil(accessToken: string): Promise<number | undefined> {
    const { consentsEndpoint, userAgent } = this.#settings;
    const timeout = Math.min(this.#settings.timeout, shortTimeout);
    if (consentsEndpoint === undefined) return undefined;
    const headers = { accept: 'application/json', 'user-agent': userAgent, authorization: `Bearer ${accessToken}` };
    try {
      const url = new URL(consentsEndpoint);
      const reply = await this.#transport.send({ url, headers, timeout, limit, keepAlive: false });
      return reply.status === 200 ? earliestEnd(membersOf(reply.body)) : undefined;
    } catch {
      return undefined;
    }
  }

  #poll(deviceCode: string): Promise<ServerReply> {
    return this.#exchange({
      endpoint: ({ token }) => token,
      send: ({ oauth, server, client, authentication }, options) =>
        oauth.deviceCodeGrantRequest(server, client, authentication, deviceCode, options),
      normalize: normalizedTokens,
      check: ({ oauth, server, client }, response) => oauth.processDeviceCodeResponse(server, client, response),
    });
  }

  async #exchange({ endpoint, send, normalize, check }: Exchange): Promise<ServerReply> {
    try {
      const endpoints = await this.#finder.find();
      const url = endpoint(endpoints);
      const reply = readReply(await this.#send(endpoints, url, send), this.#clock.read().now);
      if (reply.kind !== 'accepted') return reply;
      const members = normalize(reply.members);
      return await this.#checked(endpoints, url, members, check);
    } catch (error) {
      return failedReply(error);
    }
  }

  /** A good answer that the library finds wanting says nothing. */
  async #checked(
    endpoints: DeviceFlowEndpoints,
    url: string,
    members: Members,
    check: Exchange['check'],
  ): Promise<ServerReply> {
    const parties = partiesOf(await loadOAuth(), this.#settings, endpoints, url);
    try {
      await check(parties, jsonResponse(members));
      return { kind: 'accepted', members };
    } catch {
      return {
        kind: 'trouble',
        failure: { code: 'server_error', parameters: { reason: 'incomplete' } },
        readable: false,
      };
    }
  }

  /** Lets the library build a request and sends it. @throws TransportFailure */
  async #send(endpoints: DeviceFlowEndpoints, url: string, send: Exchange['send']): Promise<TransportReply> {
    const oauth = await loadOAuth();
    const { userAgent } = this.#settings;
    const timeout = Math.min(this.#settings.timeout, longestTimeout);
    let reply: TransportReply | undefined;
    const fetch: Fetch = async (target, { headers, body }) => {
      reply = await this.#transport.send({
        url: new URL(target),
        method: 'POST',
        headers,
        body: body.toString(),
        timeout,
        limit,
        keepAlive: false,
      });
      // The answer is read by ourselves: servers differ more than the library allows.
      return new Response(null);
    };
    await send(partiesOf(oauth, this.#settings, endpoints, url), requestOptions(oauth, url, userAgent, fetch));
    if (!reply) throw new TransportFailure('incomplete', 'The request was not sent.');
    return reply;
  }
}

/** The first of the consents to end. */
function earliestEnd(members: Members | undefined): number | undefined {
  const consents: unknown[] = Array.isArray(members?.['consents']) ? members['consents'] : [];
  const ends = consents
    .map((each) => (typeof each === 'object' && each !== null ? (each as Members) : {}))
    .filter(({ active }) => active !== false)
    .map((each) => (typeof each['expires_at'] === 'string' ? Date.parse(each['expires_at']) : NaN))
    .filter((each) => !Number.isNaN(each));
  return ends.length === 0 ? undefined : Math.min(...ends);
}
