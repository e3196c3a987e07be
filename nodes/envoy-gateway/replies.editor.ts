import type { TestStep } from '../shared/editor/steps.js';

/** What a gateway was found to be; the serial number comes masked. */
export interface GatewayFacts {
  readonly serial: string;
  readonly firmware: string;
  readonly partNumber?: string;
  readonly metered: boolean;
  readonly authentication: 'digest' | 'token';
}

/** The token in use. */
export interface TokenFacts {
  readonly role?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** The certificate that the gateway showed. */
export interface CertificateFacts {
  /** SHA-256 of the certificate shown, in hexadecimal digits. */
  readonly fingerprint: string;
  /** The fingerprint that is trusted, where one is. */
  readonly pinned?: string;
  readonly matches: boolean;
}

/** What both admin routes may tell about a gateway. */
export interface Facts {
  readonly gateway?: GatewayFacts;
  readonly token?: TokenFacts;
  readonly certificate?: CertificateFacts;
}

/** Reply of `GET envoy-gateway/state/<id>`: what the deployed node knows, without asking the gateway. */
export interface StateReply extends Facts {
  readonly deployed: boolean;
  readonly problem?: { readonly code: string; readonly message: string; readonly action?: string };
}

/** Reply of `POST envoy-gateway/test`. */
export interface TestReply extends Facts {
  readonly ok: boolean;
  readonly steps: readonly TestStep[];
}

/** What `POST envoy-gateway/test` is sent: the fields as they stand in the dialog, deployed or not. */
export interface TestRequest {
  readonly id: string;
  readonly host: string;
  readonly tls: string;
  readonly fingerprint: string;
  readonly cloudUrl: string;
  readonly tokenUrl: string;
  readonly refreshBefore: number | string;
  readonly timeout: number | string;
  /** Only what was changed in the dialog; the rest is taken from the deployed node. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** A gateway that announces itself on the local network; the serial number comes masked. */
export interface FoundGateway {
  readonly serial: string;
  readonly host: string;
  readonly addresses: readonly string[];
  /** Present only where the gateway itself answered. */
  readonly firmware?: string;
  readonly name?: string;
  /** It is the gateway that is configured here, at the configured address. */
  readonly current: boolean;
  /** It is the gateway that is configured here, at another address. */
  readonly moved: boolean;
}

/** Reply of `POST envoy-gateway/search`. */
export interface SearchReply {
  readonly gateways: readonly FoundGateway[];
}

// Relative addresses on purpose: only to those does the editor add its access token (spec/node-red A6).

/** Asks the runtime for the state of the deployed node. */
export function requestState(id: string): JQuery.jqXHR<StateReply> {
  return $.ajax({ url: `envoy-gateway/state/${encodeURIComponent(id)}`, dataType: 'json', cache: false });
}

function post<T>(url: string, body: object): JQuery.jqXHR<T> {
  const contentType = 'application/json; charset=utf-8';
  return $.ajax({ url, method: 'POST', contentType, dataType: 'json', data: JSON.stringify(body) });
}

/** Has the runtime test the connection with the values of the dialog. */
export function requestTest(request: TestRequest): JQuery.jqXHR<TestReply> {
  return post('envoy-gateway/test', request);
}

/** Has the runtime look for gateways on its network; `id` tells which one is configured here. */
export function requestSearch(id: string): JQuery.jqXHR<SearchReply> {
  return post('envoy-gateway/search', { id });
}

/** Asks the deployed node for its redacted diagnostics. */
export function requestDiagnostics(id: string): JQuery.jqXHR<unknown> {
  return post(`envoy-gateway/diagnostics/${encodeURIComponent(id)}`, {});
}
