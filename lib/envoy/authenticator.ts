import { AuthenticationError } from '../errors.js';
import type { TransportReply } from '../http/transport.js';

/** One request to a gateway, by its path with query. */
export interface GatewayRequest {
  readonly path: string;
  /** GET unless given. */
  readonly method?: string;
  /** JSON text. */
  readonly body?: string;
}

/** Whether a request may change something at the gateway. */
export function mayChange({ method, body }: GatewayRequest): boolean {
  return (method ?? 'GET') !== 'GET' || body !== undefined;
}

/** Sends a request as it is, with these headers besides the usual ones. One attempt. */
export type Send = (
  request: GatewayRequest,
  headers?: Readonly<Record<string, string>>,
  options?: { readonly keepAlive?: boolean },
) => Promise<TransportReply>;

/** Adds to requests what the firmware at hand wants (spec/envoy 2.1). */
export interface Authenticator {
  readonly kind: 'digest' | 'token';
  /**
   * Makes sure that there is something to authenticate with, asking gateway or cloud where needed.
   * @throws AuthenticationError
   */
  prepare(): Promise<void>;
  /**
   * One attempt of a request; 401 and 403 never come back as replies.
   * @throws AuthenticationError `role_insufficient` or `credentials_rejected` where only this path refuses; any other
   * where the credentials as a whole are at an end; EnergyError of the exchange
   */
  send(request: GatewayRequest): Promise<TransportReply>;
  /** The same authentication over another way to send. */
  over(send: Send): Authenticator;
}

/** Whether a gateway refuses a reply for want of authentication. */
export function isRefusal(reply: TransportReply): boolean {
  return reply.status === 401 || reply.status === 403;
}

/** The error of a path that wants a higher role than the account has. */
export function roleInsufficient(path: string): AuthenticationError {
  return new AuthenticationError('role_insufficient', `${path} wants a higher role than this account has.`, {
    parameters: { path },
  });
}
