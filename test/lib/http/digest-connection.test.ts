import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { authorize, digestSession, nextStep, type DigestSession } from '../../../lib/http/digest.js';
import { accepts, challengeHeader } from './digest-verifier.js';

/** A server that wants Digest for everything, accepts each nonce `uses` times, and tells of each request what it answered. */
class DigestServer {
  readonly log: string[] = [];
  uses = Number.POSITIVE_INFINITY;
  readonly #server: Server;
  readonly #base = { realm: 'enphaseenergy.com', qop: 'auth', opaque: 'o"p' };
  #nonce = randomBytes(8).toString('hex');
  #count = 0;

  constructor(user: string, password: string) {
    this.#server = createServer((incoming, reply) => {
      const { authorization, connection } = incoming.headers;
      const target: [string, string] = [incoming.method ?? '', incoming.url ?? ''];
      const expected = { ...this.#base, nonce: this.#nonce };
      const known = authorization?.includes(this.#nonce) === true;
      const options = { count: this.#count + 1 };
      const right = known && accepts(expected, authorization, target, [user, password], options);
      if (right && this.#count < this.uses) {
        this.#count++;
        this.log.push(`200 ${connection ?? ''}`);
        return reply.end('ok');
      }
      this.log.push(authorization === undefined ? '401 asked' : right ? '401 stale' : '401 refused');
      this.#nonce = randomBytes(8).toString('hex');
      this.#count = 0;
      const header = challengeHeader({ ...this.#base, nonce: this.#nonce });
      return reply
        .writeHead(401, { 'WWW-Authenticate': ['Basic realm="x, y"', right ? `${header}, stale=true` : header] })
        .end();
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

describe('Digest over a connection of its own for each request', () => {
  const agent = new Agent({ keepAlive: false });
  const path = '/api/v1/production?details=1';
  let server: DigestServer;
  let port: number;

  beforeEach(async () => {
    server = new DigestServer('installer', 'f4a4b85e');
    port = await server.listen();
  });
  afterEach(() => server.close());

  function get(
    authorization: string | undefined,
  ): Promise<{ status: number | undefined; headers: IncomingHttpHeaders }> {
    return new Promise((resolve, reject) => {
      const headers = authorization === undefined ? {} : { authorization };
      request({ host: '127.0.0.1', port, path, agent, headers }, (reply) => {
        reply.resume().once('end', () => resolve({ status: reply.statusCode, headers: reply.headers }));
      })
        .once('error', reject)
        .end();
    });
  }

  async function read(state: DigestSession): Promise<{ outcome: string; state: DigestSession }> {
    for (;;) {
      const answer = authorize(state, { method: 'GET', uri: path }, randomBytes(16).toString('hex'));
      const { status, headers } = await get(answer.header);
      if (status !== 401) return { outcome: String(status), state: answer.state };
      const step = nextStep(answer.state, headers['www-authenticate'], answer.nonce);
      if (step.kind !== 'answer') return { outcome: step.kind, state: answer.state };
      state = step.state;
    }
  }

  it('asks once, then answers ahead with the nonce it knows', async () => {
    const first = await read(digestSession('installer', 'f4a4b85e'));
    const second = await read(first.state);
    assert.deepEqual([first.outcome, second.outcome], ['200', '200']);
    assert.deepEqual(server.log, ['401 asked', '200 close', '200 close']);
  });

  it('answers again when the nonce has become stale, at any time', async () => {
    server.uses = 2;
    let state = digestSession('installer', 'f4a4b85e');
    for (let round = 0; round < 4; round++) {
      const reading = await read(state);
      assert.equal(reading.outcome, '200');
      state = reading.state;
    }
    const expected = ['401 asked', '200 close', '200 close', '401 stale', '200 close', '200 close'];
    assert.deepEqual(server.log, expected);
  });

  it('is rejected after one answer with a wrong password', async () => {
    const { outcome } = await read(digestSession('installer', 'wrong'));
    assert.equal(outcome, 'rejected');
    assert.deepEqual(server.log, ['401 asked', '401 refused']);
  });
});
