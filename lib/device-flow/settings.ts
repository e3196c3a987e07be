/** A device-flow server and who asks it (design 3.4). URLs have no slash at the end. */
export interface DeviceFlowSettings {
  /** Base URL of the server. */
  readonly server: string;
  /** Endpoints that were set by hand; they count more than what the server publishes. */
  readonly deviceEndpoint?: string;
  readonly tokenEndpoint?: string;
  readonly refreshEndpoint?: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scope?: string;
  /** `Product/1.2.3`: some servers look at the version in it. */
  readonly userAgent: string;
  /** Milliseconds for one request. */
  readonly timeout: number;
}

/** The endpoints that are used: set by hand, published (RFC 8414), or the usual paths of a device-flow proxy. */
export interface DeviceFlowEndpoints {
  readonly device: string;
  readonly token: string;
  /** Where refresh tokens go; most servers take them where they give tokens. */
  readonly refresh: string;
  readonly revocation?: string;
}
