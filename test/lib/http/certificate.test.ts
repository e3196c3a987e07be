import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { Agent, get, globalAgent } from 'node:https';
import { join } from 'node:path';
import { createServer as createTlsServer, DEFAULT_CIPHERS } from 'node:tls';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { AuthenticationError } from '../../../lib/errors.js';
import { checkPin, normalizeFingerprint, type CertificatePolicy } from '../../../lib/http/certificate.js';
import { Transport, type TransportReply } from '../../../lib/http/transport.js';
import { createCertificate, type Certificate } from '../../../simulator/shared/certificate.js';
import { buildProgram } from '../../support/child.js';
import { freshDirectory } from '../../support/directory.js';
import { serve, type TestServer } from '../../support/server.js';

const timeout = 10_000;

describe('fingerprints', () => {
  const shown = Array.from({ length: 32 }, (_, index) => (index * 7 + 1).toString(16).padStart(2, '0').toUpperCase());

  it('are understood however they are written', () => {
    const wanted = shown.join(':');
    for (const text of [wanted, shown.join(''), wanted.toLowerCase(), shown.join(' '), ` ${shown.join('\n')} `]) {
      assert.equal(normalizeFingerprint(text), wanted);
    }
  });

  it('are no other texts', () => {
    for (const text of [
      '',
      'AA:BB',
      `${shown.join('')}00`,
      shown.join('').replace('0', 'G'),
      shown.slice(12).join(':'),
    ]) {
      assert.equal(normalizeFingerprint(text), undefined);
    }
  });

  it('that changed are told with both values', () => {
    checkPin(undefined, 'B');
    checkPin('B', 'B');
    assert.throws(
      () => checkPin('A', 'B'),
      (error: unknown) => {
        assert.ok(error instanceof AuthenticationError);
        assert.deepEqual([error.code, error.parameters], ['certificate_changed', { stored: 'A', seen: 'B' }]);
        return true;
      },
    );
  });
});

describe('certificates', () => {
  const directory = freshDirectory();
  let first: Certificate;
  let second: Certificate;
  let server: TestServer;
  let transport: Transport | undefined;
  let requests: number;
  before(async () => {
    const options = { commonName: '122600000042', addresses: ['127.0.0.1'] };
    [first, second] = await Promise.all([createCertificate(options), createCertificate(options)]);
  });
  const start = (certificate: Certificate, port = 0): Promise<TestServer> =>
    serve(
      (_request, response) => {
        requests++;
        response.end('hello');
      },
      { certificate, port },
    );
  beforeEach(async () => {
    requests = 0;
    server = await start(first);
  });
  afterEach(async () => {
    await transport?.close();
    await server.close();
  });
  const ask = (policy: CertificatePolicy): Promise<TransportReply> => {
    transport ??= new Transport(policy);
    return transport.send({ url: server.url, timeout });
  };
  beforeEach(() => {
    transport = undefined;
  });

  /** A policy that keeps the first certificate, as a session does. */
  function keeper(given?: string): CertificatePolicy & { kept: string | undefined; log: string[] } {
    const policy = {
      mode: 'pin' as const,
      kept: given,
      log: [] as string[],
      pinned: () => policy.kept,
      seen: (fingerprint: string) => {
        policy.log.push(fingerprint);
        policy.kept ??= fingerprint;
      },
    };
    return policy;
  }
  const changed = (stored: string, seen: string) => (error: unknown) => {
    assert.ok(error instanceof AuthenticationError);
    assert.deepEqual([error.code, error.parameters], ['certificate_changed', { stored, seen }]);
    return true;
  };

  it('are trusted at the first sight and from then on only the same', async () => {
    const policy = keeper();
    assert.equal((await ask(policy)).body, 'hello');
    assert.equal(policy.kept, first.fingerprint);
    await server.close();
    server = await start(second, server.port);
    await transport?.disconnect();
    await assert.rejects(ask(policy), changed(first.fingerprint, second.fingerprint));
    assert.deepEqual(policy.log, [first.fingerprint, second.fingerprint]);
    assert.equal(requests, 1);

    policy.kept = second.fingerprint;
    assert.equal((await ask(policy)).body, 'hello');
  });

  it('are held against a fingerprint that was given', async () => {
    await assert.rejects(ask(keeper(second.fingerprint)), changed(second.fingerprint, first.fingerprint));
    assert.equal(requests, 0);
    await transport?.close();
    transport = undefined;
    assert.equal((await ask(keeper(first.fingerprint))).body, 'hello');
  });

  it('are looked at on every new connection', async () => {
    const policy = keeper();
    await ask(policy);
    await ask(policy);
    assert.equal(policy.log.length, 1);
    policy.kept = second.fingerprint;
    await transport?.disconnect();
    await assert.rejects(ask(policy), changed(second.fingerprint, first.fingerprint));
    await assert.rejects(ask(policy), changed(second.fingerprint, first.fingerprint));
    assert.equal(requests, 2);
  });

  it('are judged before a byte of the request is sent', async () => {
    const received: string[] = [];
    const bare = createTlsServer({ key: second.key, cert: second.cert }, (socket) => {
      socket.on('data', (part: Buffer) => received.push(part.toString()));
      socket.on('error', () => socket.destroy());
    });
    bare.on('tlsClientError', (_error, socket) => socket.destroy());
    bare.listen(0, '127.0.0.1');
    await once(bare, 'listening');
    const closed = once(bare, 'connection').then(([socket]) => once(socket as Socket, 'close'));
    transport = new Transport(keeper(first.fingerprint));
    const url = new URL(`https://127.0.0.1:${(bare.address() as AddressInfo).port}/`);
    const request = { url, timeout, headers: { authorization: 'Bearer secret' }, body: 'secret' };
    await assert.rejects(transport.send(request), changed(first.fingerprint, second.fingerprint));
    await closed;
    assert.deepEqual(received, []);
    bare.close();
  });

  it('are all trusted where the user wants that, and still shown', async () => {
    const policy = { ...keeper(second.fingerprint), mode: 'insecure' as const };
    const seen: string[] = [];
    assert.equal((await ask({ ...policy, seen: (each) => seen.push(each) })).body, 'hello');
    assert.deepEqual(seen, [first.fingerprint]);
  });

  it('must be signed by an authority where the user wants that', async () => {
    await assert.rejects(ask({ mode: 'verify' }), { name: 'TransportFailure', kind: 'untrusted' });
    assert.equal(requests, 0);
  });

  it('are signed by an authority that the administrator of the machine added', async () => {
    const authority = join(directory(), 'authority.pem');
    await writeFile(authority, first.cert);
    const program = await buildProgram(new URL('transport-client.ts', import.meta.url));
    const outcome = async (env: Record<string, string>): Promise<string[]> => {
      const child = program.start([server.url.href], env);
      const lines: string[] = [];
      for await (const line of child.lines) lines.push(line);
      return lines;
    };
    try {
      assert.deepEqual(await outcome({ NODE_EXTRA_CA_CERTS: authority }), ['200 hello']);
      assert.deepEqual(await outcome({}), ['untrusted']);
    } finally {
      await program.remove();
    }
  });

  it("are no other code's business: the settings of the process stay as they were", async () => {
    const before = [DEFAULT_CIPHERS, { ...globalAgent.options }, process.env['NODE_TLS_REJECT_UNAUTHORIZED']];
    await ask({ mode: 'insecure' });
    assert.deepEqual(
      [DEFAULT_CIPHERS, { ...globalAgent.options }, process.env['NODE_TLS_REJECT_UNAUTHORIZED']],
      before,
    );
    await assert.rejects(fetch(server.url));
    const request = get(server.url, { agent: new Agent() });
    const [failure] = (await once(request, 'error')) as [NodeJS.ErrnoException];
    assert.equal(failure.code, 'DEPTH_ZERO_SELF_SIGNED_CERT');
    assert.equal(requests, 1);
  });
});
