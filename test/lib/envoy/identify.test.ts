import assert from 'node:assert/strict';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { identify } from '../../../lib/envoy/identify.js';
import { Transport } from '../../../lib/http/transport.js';
import { startGateway, type SimulatedGateway } from '../../../simulator/index.js';
import { freePort, serve, type TestServer } from '../../support/server.js';

const info = '<envoy_info><device><sn>122600000042</sn><software>D5.0.62</software></device></envoy_info>';

describe('who a gateway is', () => {
  let transport: Transport;
  let server: TestServer | undefined;
  let gateway: SimulatedGateway | undefined;
  beforeEach(() => {
    transport = new Transport({ mode: 'insecure' });
  });
  afterEach(async () => {
    await transport.close();
    await server?.close();
    await gateway?.close();
    server = gateway = undefined;
  });
  /** Over plain HTTP only: a try of https fails at such a server. */
  const answering = async (listener: RequestListener): Promise<string> => {
    server = await serve(listener);
    return `127.0.0.1:${server.port}`;
  };
  const page = (response: ServerResponse, status: number, body = '', headers = {}): void => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  };
  const fails = (host: string, code: string): Promise<void> =>
    assert.rejects(identify(transport, host, 2000), { code });

  it('is found over https', async () => {
    gateway = await startGateway({ firmware: '8.2.4264' });
    const found = await identify(transport, new URL(gateway.url).host);
    assert.deepEqual([found.firmware, found.tokens], ['8.2.4264', true]);
    assert.equal(gateway.log.count('GET /info'), 1);
  });

  it('is found over http where there is no https', async () => {
    const asked: (string | undefined)[] = [];
    const host = await answering((request, response) => {
      asked.push(request.url, request.headers.authorization, request.headers.cookie);
      // Old ones say that their XML is JSON.
      response.setHeader('content-type', 'application/json').end(info);
    });
    assert.equal((await identify(transport, host)).serial, '122600000042');
    assert.deepEqual(asked, ['/info', undefined, undefined]);
  });

  it('is told by the failure of https where neither answers', async () => {
    await fails(`127.0.0.1:${await freePort()}`, 'gateway_unreachable');
  });

  it('is told as a silence where it does not answer in time', async () => {
    const host = await answering(() => undefined);
    await assert.rejects(identify(transport, host, 100), ({ code }: { code: string }) =>
      /gateway_(timeout|unreachable)/.test(code),
    );
  });

  const redirects: [what: string, location: (host: string) => string, code: string | undefined][] = [
    ['to another path', () => '/info.xml', undefined],
    ['to the same machine in full', (host) => `http://${host}/info.xml`, undefined],
    ['to "localhost", which is not the gateway', () => 'https://localhost/info', 'gateway_unreachable'],
    ['to another machine', () => 'http://127.0.0.9/info', 'gateway_unreachable'],
    ['in a circle', () => '/info', 'gateway_unreachable'],
    ['to something else than HTTP', () => 'ftp://127.0.0.1/info', 'http_status'],
  ];
  for (const [what, location, code] of redirects) {
    it(`is looked for where it redirects ${what}`, async () => {
      let requests = 0;
      const host = await answering((request: IncomingMessage, response) => {
        requests++;
        if (request.url === '/info.xml') response.end(info);
        else page(response, 302, '', { location: location(request.headers.host ?? '') });
      });
      if (code === undefined) assert.equal((await identify(transport, host)).serial, '122600000042');
      else await fails(host, code);
      assert.ok(requests <= 4);
    });
  }

  const answers: [status: number, body: string, code: string][] = [
    [503, 'starting', 'gateway_busy'],
    [500, '', 'gateway_busy'],
    [404, '', 'http_status'],
    [401, '', 'http_status'],
    [200, '<html><body>A router</body></html>', 'not_a_gateway'],
    [200, '', 'not_a_gateway'],
    [200, info + ' '.repeat(100_000), 'reply_too_large'],
  ];
  for (const [status, body, code] of answers) {
    it(`is not told by an answer ${status} of ${body.length} characters: ${code}`, async () => {
      await fails(await answering((_request, response) => page(response, status, body)), code);
    });
  }

  it('is not asked over http where the certificate is not the one that was kept', async () => {
    gateway = await startGateway({ firmware: '8.2.4264' });
    await transport.close();
    transport = new Transport({ mode: 'pin', pinned: () => 'AA' });
    await fails(new URL(gateway.url).host, 'certificate_changed');
    await transport.close();
    transport = new Transport({ mode: 'verify' });
    await fails(new URL(gateway.url).host, 'certificate_untrusted');
    assert.equal(gateway.log.count('GET /info'), 0);
  });
});
