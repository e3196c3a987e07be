import { EnergyError } from '../errors.js';
import type { Transport, TransportReply } from '../http/transport.js';
import { gatewayUrl, type Scheme } from './address.js';
import { gatewayError, isNetworkError } from './failures.js';
import { infoLimit, parseInfo, type GatewayInfo } from './info.js';

/** Milliseconds for one try of `/info`, which answers in 0.3 s (spec/envoy 1.1). */
const timeout = 10_000;
const redirectLimit = 3;

function redirectTarget(reply: TransportReply, from: URL): URL | undefined {
  const location = reply.headers.location;
  if (reply.status < 300 || reply.status > 399 || typeof location !== 'string') return undefined;
  if (!URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined;
}

async function fetchInfo(transport: Transport, scheme: Scheme, host: string, limit: number): Promise<TransportReply> {
  let url = new URL('info', gatewayUrl(scheme, host));
  for (let hops = 0; ; hops++) {
    const reply = await transport.send({ url, timeout: Math.min(timeout, limit), limit: infoLimit });
    const target = redirectTarget(reply, url);
    if (!target) return reply;
    // Some old units send their visitors to "localhost", which is never the gateway (spec/envoy 1.1).
    if (hops >= redirectLimit || target.hostname !== url.hostname) {
      const message = `The gateway redirects /info to another machine: ${host}`;
      throw new EnergyError('gateway_unreachable', message, { parameters: { host, path: '/info' } });
    }
    url = target;
  }
}

/**
 * Asks a gateway who it is: over https, and over http where no connection comes about or no answer in time
 * (spec/envoy 1.1). One try of each, nothing is sent but the request.
 * @throws EnergyError `gateway_unreachable`, `gateway_timeout`, `not_a_gateway`, `gateway_busy`, `http_status`,
 * `certificate_untrusted`; AuthenticationError `certificate_changed`
 */
export async function identify(transport: Transport, host: string, limit = timeout): Promise<GatewayInfo> {
  let reply: TransportReply;
  try {
    reply = await fetchInfo(transport, 'https', host, limit);
  } catch (error) {
    const first = gatewayError(error, host, '/info');
    if (!isNetworkError(first)) throw first;
    try {
      reply = await fetchInfo(transport, 'http', host, limit);
    } catch (second) {
      const failure = gatewayError(second, host, '/info');
      // An empty port 80 says less than what went wrong on 443.
      throw isNetworkError(failure) ? first : failure;
    }
  }
  if (reply.status >= 500) {
    throw new EnergyError('gateway_busy', `The gateway is starting: /info answers with status ${reply.status}.`, {
      parameters: { path: '/info', status: reply.status },
    });
  }
  if (reply.status !== 200) {
    throw new EnergyError('http_status', `/info answers with status ${reply.status}.`, {
      parameters: { path: '/info', status: reply.status },
    });
  }
  return parseInfo(reply.body, host);
}
