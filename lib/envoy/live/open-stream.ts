import { AuthenticationError } from '../../errors.js';
import type { StreamReply } from '../../http/transport.js';
import { roleInsufficient, type Authenticator, type Send } from '../authenticator.js';
import { gatewayError, interpretJson } from '../failures.js';

/** What a stream is opened with. */
export interface StreamParts {
  readonly host: string;
  readonly path: string;
  readonly authenticator: Authenticator;
  /** Sends what the authentication needs besides. */
  readonly send: Send;
  /** Opens the stream itself, with these headers. */
  readonly open: (headers: Readonly<Record<string, string>>) => Promise<StreamReply>;
  /** Told when the stream breaks off or ends: something happened to the gateway. */
  readonly onEnd: () => void;
}

async function* told(body: AsyncIterable<Uint8Array>, { host, path, onEnd }: StreamParts): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    onEnd();
    throw gatewayError(error, host, path);
  }
  onEnd();
}

/**
 * Opens a stream with authentication: what a gateway refuses is answered as for any other request, and the stream that
 * opens in the end is the one that counts.
 * @throws AuthenticationError `role_insufficient` where only this path refuses, others where the credentials are at an
 * end; EnergyError of the exchange or of a status that is no success
 */
export async function openStream(parts: StreamParts): Promise<AsyncIterable<Uint8Array>> {
  const { host, path, authenticator, send, open } = parts;
  const opened: StreamReply[] = [];
  const streaming: Send = async (request, headers = {}, options) => {
    if (request.path !== path) return send(request, headers, options);
    try {
      const reply = await open(headers);
      if (reply.status === 200) opened.push(reply);
      else await reply.close();
      return { status: reply.status, headers: reply.headers, body: '' };
    } catch (error) {
      throw gatewayError(error, host, path);
    }
  };
  try {
    const reply = await authenticator.over(streaming).send({ path });
    const stream = opened.at(-1);
    if (stream) return told(stream.body, parts);
    return interpretJson(reply, path) as never;
  } catch (error) {
    // The other paths take these credentials, or give what they have to anybody: it is this one that is closed.
    if (error instanceof AuthenticationError && error.code === 'credentials_rejected') throw roleInsufficient(path);
    throw error;
  }
}
