/** A request as the proxy sees it, whatever server took it. */
export interface ProxyRequest {
  /** Upper case. */
  readonly method: string;
  /** Path below the proxy's base path, still percent-encoded, beginning with a slash. */
  readonly path: string;
  /** Everything after the question mark, `''` where there is none. */
  readonly query: string;
  readonly headers: { get(name: string): string | null };
  /** Address of the peer of the connection; forwarded addresses are judged by the proxy itself. */
  readonly peer: string;
  /** Reads the body once. @throws ProxyError 413 above `limit` bytes */
  body(limit: number): Promise<string>;
}

/** The proxy's answer. */
export interface ProxyResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}
