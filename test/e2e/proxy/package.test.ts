import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { packageRoot } from '../../support/node-red/user-dir.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { builtProgram, startProgram } from '../../support/proxy/program.js';

const name = '@energy-nodes/node-red-envoy-linky';

/** Runs npm quietly. @returns what it wrote */
async function npm(directory: string, ...given: string[]): Promise<string> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];
  const child = spawn('npm', [...given, ...quiet], { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, output);
  return output;
}

describe('e2e: the packed package', function () {
  this.timeout(120_000);
  let directory = '';
  let enedis: SimulatedEnedis | undefined;

  before(async () => {
    await builtProgram();
    directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
    const output = await npm(packageRoot, 'pack', '--ignore-scripts', '--pack-destination', directory);
    const [file = ''] = /energy-nodes-\S+\.tgz/.exec(output) ?? [];
    await writeFile(join(directory, 'package.json'), '{ "private": true }');
    await npm(directory, 'install', '--omit=dev', join(directory, file));
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
      command: ['npx', '--no', name, 'device-flow-proxy'],
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
