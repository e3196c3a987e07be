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

/** One step of a connection test; the texts come in the language of the server. */
export interface TestStep {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
  readonly code?: string;
  readonly action?: string;
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

// Relative addresses on purpose: only to those does the editor add its access token (spec/node-red A6).

/** Asks the runtime for the state of the deployed node. */
export function requestState(id: string): JQuery.jqXHR<StateReply> {
  return $.ajax({ url: `envoy-gateway/state/${encodeURIComponent(id)}`, dataType: 'json', cache: false });
}

/** Has the runtime test the connection with the values of the dialog. */
export function requestTest(request: TestRequest): JQuery.jqXHR<TestReply> {
  return $.ajax({
    url: 'envoy-gateway/test',
    method: 'POST',
    contentType: 'application/json; charset=utf-8',
    dataType: 'json',
    data: JSON.stringify(request),
  });
}
