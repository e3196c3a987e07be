import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { freshDirectory } from '../../support/directory.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProxyProgram } from '../../support/proxy/program.js';
import { serve, type TestServer } from '../../support/server.js';

/** The data interfaces of Enedis behind a gate. */
interface Gate {
  readonly server: TestServer;
  /** Resolves when somebody waits for data. */
  readonly reached: Promise<void>;
  /** Lets everybody through. */
  open(): void;
}

/** Lets everything through at once but requests for data, which wait until the gate is opened. */
async function gateBefore(enedis: SimulatedEnedis): Promise<Gate> {
  let open = (): void => undefined;
  let reach = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (reach = resolve));
  const server = await serve((message, reply) => {
    void text(message).then(async (body) => {
      const { method = 'GET', url = '/', headers } = message;
      if (method === 'GET') {
        reach();
        await opened;
      }
      const { authorization = '', 'content-type': type } = headers;
      const answer = await fetch(new URL(url, enedis.url), {
        method,
        headers: { authorization, ...(type !== undefined && { 'content-type': type }) },
        ...(method === 'POST' && { body }),
      });
      reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
  });
  return { server, reached, open };
}

/** Resolves when nobody takes connections at the port any more. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ECONNREFUSED') return;
      // In the very moment in which the port is closed; the next one is refused.
      assert.equal(code, 'ECONNRESET');
    } finally {
      socket.destroy();
    }
  }
}

describe('e2e: how the program of the proxy ends', function () {
  this.timeout(120_000);
  const directory = freshDirectory();
  const programs: ProxyProgram[] = [];
  let enedis: SimulatedEnedis;

  before(() => builtProgram());

  beforeEach(async () => {
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  });

  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.kill()));
    await enedis.close();
  });

  async function start(env: Readonly<Record<string, string>> = {}): Promise<ProxyProgram> {
    const program = await startProgram({ directory: directory(), env: { ...programEnvironment(enedis), ...env } });
    programs.push(program);
    return program;
  }

  it('SIGTERM: what is under way is answered, nothing new is taken, status 0', async () => {
    const gate = await gateBefore(enedis);
    try {
      const program = await start({ DATA_ENDPOINT: gate.server.url.origin });
      const client = await program.client();
      const dance = new ProgramDance(enedis);
      await dance.begin(client);
      await dance.consent(client);
      const { access, usagePoint } = dance.tokens(await dance.poll(client));
      const answer = dance.data(client, access, usagePoint);
      await gate.reached;
      program.signal('SIGTERM');
      assert.equal((await program.logged('ending'))['signal'], 'SIGTERM');
      await refused(client.port);
      gate.open();
      const { status, headers, text: body } = await answer;
      assert.equal(status, 200, body);
      assert.equal(headers.connection, 'close');
      assert.deepEqual(await program.ended, { code: 0, signal: null });
      assert.equal(program.stderr, '');
    } finally {
      await gate.server.close();
    }
  });

  it('SIGINT while nothing is under way: it ends at once, idle connections included', async () => {
    const program = await start();
    const client = await program.client();
    assert.equal((await client.send({ method: 'GET', path: '/health' })).status, 200);
    program.signal('SIGINT');
    assert.deepEqual(await program.ended, { code: 0, signal: null });
    assert.equal(program.lines.at(-1)?.['message'], 'ended');
  });

  it('killed between consent and redeem: the device gets its tokens after the restart', async () => {
    const dance = new ProgramDance(enedis);
    const first = await start();
    const before = await first.client();
    await dance.begin(before);
    await dance.consent(before);
    assert.deepEqual(await first.kill(), { code: null, signal: 'SIGKILL' });

    const second = await start();
    const client = await second.client();
    const { access, usagePoint } = dance.tokens(await dance.poll(client));
    assert.equal((await dance.data(client, access, usagePoint)).status, 200);
    assert.equal((await dance.poll(client)).json['error'], 'invalid_grant');
  });
});
