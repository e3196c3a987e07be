import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { freshDirectory } from '../../support/directory.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProxyProgram } from '../../support/proxy/program.js';

describe('e2e: what the program keeps', function () {
  this.timeout(120_000);
  const directory = freshDirectory();
  let enedis: SimulatedEnedis;

  before(() => builtProgram());

  beforeEach(async () => {
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  });

  afterEach(() => enedis.close());

  /** Runs the program for a while, and ends it as one should. */
  async function during<T>(env: Readonly<Record<string, string>>, work: (program: ProxyProgram) => Promise<T>) {
    const program = await startProgram({ directory: directory(), env: { ...programEnvironment(enedis), ...env } });
    try {
      const result = await work(program);
      program.signal('SIGTERM');
      assert.deepEqual(await program.ended, { code: 0, signal: null });
      return result;
    } finally {
      await program.kill();
    }
  }

  /** @returns the refresh token of a new dance */
  async function issue(dance: ProgramDance, program: ProxyProgram): Promise<string> {
    const client = await program.client();
    await dance.begin(client);
    await dance.consent(client);
    return dance.tokens(await dance.poll(client)).refresh;
  }

  async function refreshed(dance: ProgramDance, program: ProxyProgram, token: string): Promise<number> {
    return (await dance.refresh(await program.client(), token)).status;
  }

  it('a copy of the directory, made while it was stopped, goes on in another place', async () => {
    const dance = new ProgramDance(enedis);
    const token = await during({ STORE_DIRECTORY: 'first' }, (program) => issue(dance, program));
    await cp(join(directory(), 'first'), join(directory(), 'second'), { recursive: true });
    const status = await during({ STORE_DIRECTORY: 'second' }, (program) => refreshed(dance, program, token));
    assert.equal(status, 200);
  });

  it('with a new encryption key in front of the old one devices go on; without the old one they cannot', async () => {
    const newKey = () => randomBytes(32).toString('base64');
    const [TOKEN_HASH_KEY, old, next] = [newKey(), newKey(), newKey()];
    const dance = new ProgramDance(enedis);
    const first = await during({ TOKEN_HASH_KEY, ENCRYPTION_KEY: old }, (program) => issue(dance, program));
    const second = await during({ TOKEN_HASH_KEY, ENCRYPTION_KEY: `${next},${old}` }, async (program) => {
      const client = await program.client();
      return dance.tokens(await dance.refresh(client, first)).refresh;
    });
    const status = await during({ TOKEN_HASH_KEY, ENCRYPTION_KEY: next }, (program) =>
      refreshed(dance, program, second),
    );
    assert.equal(status, 503);
    const again = await during({ TOKEN_HASH_KEY, ENCRYPTION_KEY: `${next},${old}` }, (program) =>
      refreshed(dance, program, second),
    );
    assert.equal(again, 200);
  });
});
