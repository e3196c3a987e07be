import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** An answer as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  /** SHA-256 of the server's certificate where there was one. */
  readonly fingerprint: string | undefined;
}

/** A plain client without retries, redirects or a keep-alive of its own; it rejects where the connection is cut. */
export function ask(url: string, options: RequestOptions & { body?: string } = {}): Promise<Answer> {
  const { body, ...rest } = options;
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { rejectUnauthorized: false, agent: false, ...rest }, (response) => {
      const parts: Buffer[] = [];
      const { socket } = response;
      const fingerprint = 'encrypted' in socket ? (socket as TLSSocket).getPeerCertificate().fingerprint256 : undefined;
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0, headers, rawHeaders } = response;
        resolve({ status: statusCode, headers, rawHeaders, body: Buffer.concat(parts).toString(), fingerprint });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** The header that shows a token. */
export function bearer(token: string): { headers: { authorization: string } } {
  return { headers: { authorization: `Bearer ${token}` } };
}
