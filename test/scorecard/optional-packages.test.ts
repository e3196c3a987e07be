import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadOptional } from '../../lib/store/optional-package.js';
import { EnergyError } from '../../lib/errors.js';
import { startEnedis } from '../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../simulator/enedis/types.js';
import { flowOf, proxyNode } from '../e2e/proxy/visitor.js';
import { freshDirectory } from '../support/directory.js';
import { startNodeRed, type NodeRedProcess } from '../support/node-red.js';
import { temporaryUserDir } from '../support/node-red/user-dir.js';
import { ProgramDance, programEnvironment, publicUrl } from '../support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProxyProgram } from '../support/proxy/program.js';
import { nodeSets, packageFile } from './package-file.js';
import { packageWithout, packageWithoutOptional } from './package-without.js';

/** The package that each store of the node needs. */
const packageOfStore: Readonly<Record<string, string>> = { embedded: 'classic-level', mongodb: 'mongodb' };

/** What is told of a package that is missing, and nothing of how that was noticed. */
function assertSaysRemedy(text: string, name: string): void {
  assert.ok(text.includes(`The package ${name} is not installed.`), text);
  assert.ok(text.includes(`npm install ${name}`), text);
  assert.match(text, /for Node-RED in its user directory/);
  assert.doesNotMatch(text, /MODULE_NOT_FOUND|Cannot find|^ {4}at /m);
}

describe('an installation without the optional packages', function () {
  this.timeout(120_000);
  const directory = freshDirectory();
  let enedis: SimulatedEnedis;
  let program: ProxyProgram | undefined;

  before(async () => {
    await builtProgram();
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  });
  afterEach(async () => {
    await program?.kill();
    program = undefined;
  });
  after(() => enedis.close());

  /** Starts the program of an installation without these packages. */
  async function startWithout(names: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const place = join(directory(), 'package');
    packageWithout(place, ...names);
    program = await startProgram({
      directory: directory(),
      env: { ...programEnvironment(enedis), ...env },
      command: [process.execPath, join(place, 'dist/lib/program/main.js'), 'device-flow-proxy'],
    });
    return program;
  }

  it('without classic-level the program ends, and says what to install', async () => {
    const { ended } = await startWithout(['classic-level']);
    assert.deepEqual(await ended, { code: 1, signal: null });
    assertSaysRemedy(program?.stderr ?? '', 'classic-level');
  });

  it('without mongodb the program ends where a MongoDB is to be used, and says what to install', async () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    const secret = {
      MONGODB_URI: 'mongodb://somebody:a-password@127.0.0.1:9/linky',
      TOKEN_HASH_KEY: key,
      ENCRYPTION_KEY: key,
    };
    const { ended } = await startWithout(['mongodb'], secret);
    assert.deepEqual(await ended, { code: 1, signal: null }, program?.stdout);
    assertSaysRemedy(program?.stderr ?? '', 'mongodb');
    assert.ok(!program?.stderr.includes('a-password'));
  });

  it('without mongodb and prom-client the proxy works on its own store; only its figures are missing, and it says so', async () => {
    const client = await (await startWithout(['mongodb', 'prom-client'])).client();
    const dance = new ProgramDance(enedis);
    await dance.begin(client);
    await dance.consent(client);
    dance.tokens(await dance.poll(client));
    assert.equal((await client.send({ method: 'GET', path: '/health' })).status, 200);

    const figures = await client.send({ method: 'GET', path: '/metrics' });
    assert.equal(figures.status, 404);
    assertSaysRemedy(String(figures.json['error_description']), 'prom-client');
    assert.deepEqual(
      program?.lines.filter(({ level }) => level === 'error'),
      [],
      'what was asked in vain is no failure of the proxy',
    );
  });

  describe('in Node-RED', () => {
    let nodeRed: NodeRedProcess;
    before(async () => {
      const userDir = temporaryUserDir();
      const place = join(temporaryUserDir(), 'package');
      packageWithoutOptional(place);
      const link = join(userDir, 'node_modules', packageFile.name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(place, link, 'junction');
      nodeRed = await startNodeRed({ userDir });
    });
    after(() => nodeRed.stop());

    it('every node is there', async () => {
      const { body } = await nodeRed.admin('GET', '/nodes');
      const ours = (body as { module: string; name: string; enabled: boolean; err?: string }[]).filter(
        ({ module }) => module === packageFile.name,
      );
      assert.deepEqual(
        ours.map(({ name, enabled, err }) => ({ name, enabled, err })).sort((a, b) => a.name.localeCompare(b.name)),
        nodeSets
          .map(([name]) => ({ name, enabled: true, err: undefined }))
          .sort((a, b) => a.name.localeCompare(b.name)),
      );
    });

    for (const [store, name] of Object.entries(packageOfStore)) {
      it(`a device-flow-proxy on ${store} tells Catch nodes what to install`, async () => {
        const { clientId, clientSecret } = enedis.application;
        const mongodbUri = 'mongodb://somebody:a-password@127.0.0.1:9/linky';
        const credentials = {
          clientId,
          clientSecret,
          secret: 's'.repeat(43),
          ...(store === 'mongodb' && { mongodbUri }),
        };
        const from = nodeRed.messages.length;
        await nodeRed.deploy(flowOf(proxyNode(enedis, 'proxy', { store, credentials })));
        const { message } = await nodeRed.waitForMessage(({ node }) => node === 'caught', { from });
        const { message: text, code } = message['error'] as { message: string; code: string };
        assert.equal(code, 'storage_failed');
        assert.ok(text.includes(`The package ${name} is `), text);
        assert.ok(text.includes(`npm install ${name}`), text);
        assert.match(text, /user directory/);
        assert.doesNotMatch(text, /MODULE_NOT_FOUND|Cannot find|a-password/);
      });
    }
  });

  it('a package without a build for this machine is told apart from one that is missing', async () => {
    const complaint = 'No native build was found for platform=linux arch=riscv64\n    loaded from: /a/path';
    await assert.rejects(
      loadOptional('classic-level', () => Promise.reject(new Error(complaint))),
      (error: unknown) => {
        assert.ok(error instanceof EnergyError);
        assert.equal(error.code, 'storage_failed');
        assert.match(
          error.message,
          /^The package classic-level does not work on this machine \(No native build was found/,
        );
        assert.match(error.message, /npm install classic-level/);
        assert.ok(!error.message.includes('/a/path'));
        return true;
      },
    );
  });
});
