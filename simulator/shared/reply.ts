import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer before it is sent. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** A reply; without a content type where none is given, as many of the gateway's are. */
export function reply(status: number, body: string, contentType?: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { ...(contentType !== undefined && { 'Content-Type': contentType }), ...headers }, body };
}

/** A reply with a JSON document. */
export function json(status: number, document: unknown, headers: Reply['headers'] = {}): Reply {
  return reply(status, JSON.stringify(document), 'application/json', headers);
}

/** A small page of HTML. */
export function page(status: number, title: string, headers: Reply['headers'] = {}): Reply {
  const html = `<html>\n<head><title>${title}</title></head>\n<body><h1>${title}</h1></body>\n</html>\n`;
  return reply(status, html, 'text/html', headers);
}

/** Sends a reply with its length and nothing else of its own. */
export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  if (response.destroyed) return;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { 'Content-Length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** The body of a request as text, up to 1 MB. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > 1_048_576) throw new Error('The request is too large.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
