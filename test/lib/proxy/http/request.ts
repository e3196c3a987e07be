import type { ProxyRequest } from '../../../../lib/proxy/http/types.js';

/** What a test says of a request; everything else is plain. */
export interface FakeRequest extends Partial<Omit<ProxyRequest, 'headers' | 'body'>> {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request that came over no connection, for what only reads requests. */
export function fakeRequest({ headers = {}, body = '', ...others }: FakeRequest): ProxyRequest {
  const values = new Headers(headers);
  return {
    method: body === '' ? 'GET' : 'POST',
    path: '/',
    query: '',
    peer: '127.0.0.1',
    headers: values,
    body: () => Promise.resolve(body),
    ...others,
  };
}
