import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { npm, packageName, packedPackage } from '../../support/packed.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { startProgram } from '../../support/proxy/program.js';

describe('the program of the packed package', function () {
  this.timeout(120_000);
  let directory = '';
  let enedis: SimulatedEnedis | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
    await writeFile(join(directory, 'package.json'), '{ "private": true }');
    await npm(directory, 'install', '--omit=dev', await packedPackage());
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  });

  after(async () => {
    await enedis?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('npx runs the proxy, which leads through a dance with what was installed', async () => {
    assert.ok(enedis);
    const lines = Object.entries(programEnvironment(enedis)).map(([variable, value]) => `${variable}=${value}\n`);
    await writeFile(join(directory, '.env'), lines.join(''));
    const program = await startProgram({
      directory,
      env: { HOME: directory },
      command: ['npx', '--no', packageName, 'device-flow-proxy'],
      args: ['--env-file', '.env', '--port', '0'],
      group: true,
    });
    try {
      const client = await program.client();
      const dance = new ProgramDance(enedis);
      await dance.begin(client);
      await dance.consent(client);
      const { access, usagePoint } = dance.tokens(await dance.poll(client));
      assert.equal((await dance.data(client, access, usagePoint)).status, 200);
      // Ctrl-C in a terminal.
      program.signal('SIGINT');
      await program.logged('ended');
    } finally {
      await program.kill();
    }
  });

  it('it is a command by itself, for whoever runs it as a service', async () => {
    assert.ok(enedis);
    const program = await startProgram({
      directory,
      env: programEnvironment(enedis),
      command: [join(directory, 'node_modules/.bin/node-red-envoy-linky'), 'device-flow-proxy'],
    });
    await program.logged('listening');
    program.signal('SIGTERM');
    assert.deepEqual(await program.ended, { code: 0, signal: null });
  });
});
