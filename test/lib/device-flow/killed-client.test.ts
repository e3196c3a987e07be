import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { accountName, type AccountMemory } from '../../../lib/device-flow/memory.js';
import { deviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { SealedFile } from '../../../lib/store/sealed-file.js';
import { createSealer, deriveKey } from '../../../lib/store/sealing.js';
import { buildProgram, type Child, type Program } from '../../support/child.js';
import { freshDirectory } from '../../support/directory.js';
import { serve, type TestServer } from '../../support/server.js';

const kills = 20;

/** A server that rotates at every refresh and takes a token before only as long as its successor was never used. */
class RotatingServer {
  /** The newest generation, and the newest whose access token was used. */
  generation = 1;
  used = 0;
  refreshes = 0;
  readonly breaches: string[] = [];
  onRefreshed: () => void = () => undefined;

  answer(path: string, form: URLSearchParams, authorization: string): { status: number; body: object } {
    if (path === '/data') return this.#data(Number(authorization.replace('Bearer ', '')));
    if (path !== '/device/token') return { status: 404, body: {} };
    this.refreshes++;
    const presented = Number(form.get('refresh_token'));
    if (presented < this.used) this.breaches.push(`${presented} presented after ${this.used} was used`);
    if (presented === this.generation) this.generation++;
    else if (presented !== this.generation - 1) return { status: 400, body: { error: 'invalid_grant' } };
    const name = `${this.generation}`;
    return { status: 200, body: { access_token: name, refresh_token: name, token_type: 'Bearer', expires_in: 3600 } };
  }

  #data(presented: number) {
    this.used = Math.max(this.used, presented);
    return { status: presented === this.generation ? 200 : 401, body: {} };
  }
}

function respond(response: ServerResponse, { status, body }: { status: number; body: object }): Promise<void> {
  response.writeHead(status, { 'content-type': 'application/json' });
  return new Promise((resolve) => response.end(JSON.stringify(body), resolve));
}

describe('A device-flow client that is killed', () => {
  const directory = freshDirectory();
  const model = new RotatingServer();
  let program: Program;
  let server: TestServer;

  before(async () => {
    program = await buildProgram(new URL('endless-client.ts', import.meta.url));
    server = await serve((message, response) => {
      const { pathname } = new URL(message.url ?? '/', 'http://server');
      void text(message).then(async (body) => {
        const isRefresh = pathname === '/device/token';
        await respond(response, model.answer(pathname, new URLSearchParams(body), message.headers.authorization ?? ''));
        if (isRefresh) model.onRefreshed();
      });
    });
  });
  after(async () => {
    await program.remove();
    await server.close();
  });

  /** Kills a client so many turns of our own after the answer to one of its refreshes went out. */
  async function killAfterRefresh(child: Child, refreshes: number, turns: number): Promise<void> {
    await new Promise<void>((resolve) => {
      let seen = 0;
      model.onRefreshed = () => {
        if (++seen === refreshes) resolve();
      };
    });
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    child.process.kill('SIGKILL');
    const { signal, errors } = await child.ended;
    assert.deepEqual([signal, errors], ['SIGKILL', '']);
  }

  it(`between the answer with a new refresh token and its use, ${kills} times, still has the newest that counts`, async () => {
    const path = join(directory(), 'account.sealed');
    const url = server.url.origin;
    const sealer = createSealer([deriveKey('a secret of the user', 'test')]);
    const file = new SealedFile<AccountMemory>(path, () => Promise.resolve(sealer));
    const account = accountName(deviceFlowSettings({ server: url, clientId: 'client', api: 'none' }));
    const tokens = {
      accessToken: '1',
      refreshToken: '1',
      tokenType: 'Bearer',
      usagePoints: [],
      obtainedAt: Date.now(),
    };
    await file.write({ account, tokens });
    for (let round = 0; round < kills; round++) {
      await killAfterRefresh(program.start([url, path]), randomInt(1, 4), randomInt(0, 40));
      const kept = Number((await file.read())?.tokens?.refreshToken);
      assert.ok(kept >= model.used, `${kept} kept, ${model.used} used`);
      assert.ok(kept >= model.generation - 1, `${kept} kept, ${model.generation} given`);
    }
    assert.deepEqual(model.breaches, []);
    assert.ok(model.refreshes >= kills);
  });
});
