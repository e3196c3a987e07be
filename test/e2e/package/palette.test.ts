import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platforms } from '../../../scripts/platforms.mjs';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import type { FlowNode, NodeRedProcess } from '../../support/node-red.js';
import { repositoryRoot } from '../../support/node-red/user-dir.js';
import { packageName, packedPackage } from '../../support/packed.js';
import { gatewayNode, ids } from '../envoy/flow.js';
import { owner, Scene } from '../envoy/scene.js';
import { isReady, proxyNode, Visitor } from '../proxy/visitor.js';

interface InstalledSet {
  readonly name: string;
  readonly types: readonly string[];
  readonly enabled: boolean;
  readonly err?: string;
}

interface Installed {
  readonly name: string;
  readonly nodes: readonly InstalledSet[];
}

const types = Object.keys(
  (JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { 'node-red': { nodes: object } })[
    'node-red'
  ].nodes,
);
const languages = readdirSync(join(repositoryRoot, 'locales'));
const examples = readdirSync(join(repositoryRoot, 'examples')).filter((name) => name.endsWith('.json'));
/** The palette manager as it is by default: it may install. */
const palette = { externalModules: { palette: { allowInstall: true, allowUpload: true } } };
const environment = { npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' };

/** Installs the packed package as the palette manager does with an archive that is dropped on it. */
async function install(nodeRed: NodeRedProcess): Promise<Installed> {
  const body = new FormData();
  body.append('tarball', new Blob([readFileSync(await packedPackage())]), 'package.tgz');
  const reply = await fetch(`${nodeRed.url}/nodes`, { method: 'POST', body });
  const text = await reply.text();
  assert.equal(reply.status, 200, `${text}\n${nodeRed.log()}`);
  return JSON.parse(text) as Installed;
}

function example(name: string): FlowNode[] {
  return JSON.parse(readFileSync(join(repositoryRoot, 'examples', name), 'utf8')) as FlowNode[];
}

for (const platform of Object.keys(platforms)) {
  describe(`the packed package, installed by the palette manager on ${platform}`, function () {
    this.timeout(240_000);
    let scene: Scene;
    let enedis: SimulatedEnedis;
    let installed: Installed;

    before(async () => {
      scene = await Scene.set({ nodeRed: { platform, installed: false, settings: palette, env: environment } });
      enedis = await startEnedis();
      installed = await install(await scene.startAgain());
    });
    after(async () => {
      await scene.end();
      await enedis.close();
    });

    async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
      const reply = await fetch(`${scene.nodeRed.url}/${path}`, { headers });
      assert.equal(reply.status, 200, path);
      return reply;
    }

    it('has every node type, and nothing that only development needs', () => {
      assert.equal(installed.name, packageName);
      assert.deepEqual(installed.nodes.flatMap((set) => set.types).sort(), [...types].sort());
      for (const { name, enabled, err } of installed.nodes)
        assert.ok(enabled && err === undefined, `${name}: ${err ?? ''}`);
      const modules = readdirSync(join(scene.userDir, 'node_modules'));
      for (const name of ['mocha', 'typescript', 'node-red', 'playwright-core'])
        assert.ok(!modules.includes(name), name);
      assert.ok(modules.includes('undici'));
      const { dependencies } = JSON.parse(readFileSync(join(scene.userDir, 'package.json'), 'utf8')) as {
        dependencies: Readonly<Record<string, string>>;
      };
      assert.ok(dependencies[packageName], 'it does not stand in the package.json of the user directory');
    });

    it('its dialogs, icons, texts and help are served, in every language', async () => {
      for (const language of languages) {
        const html = await (await get('nodes', { accept: 'text/html', 'accept-language': language })).text();
        for (const type of types) {
          assert.ok(html.includes(`RED.nodes.registerType('${type}'`), type);
          const help = readFileSync(join(repositoryRoot, 'locales', language, `${type}.html`), 'utf8');
          const firstLine = help.split('data-help-name')[1]?.split('\n')[1] ?? '';
          assert.ok(firstLine !== '' && html.includes(firstLine), `the help of ${type} in ${language}`);
          const catalog: unknown = await (await get(`locales/${packageName}/${type}?lng=${language}`)).json();
          assert.deepEqual(
            catalog,
            JSON.parse(readFileSync(join(repositoryRoot, 'locales', language, `${type}.json`), 'utf8')),
          );
        }
      }
      for (const picture of readdirSync(join(repositoryRoot, 'resources'))) {
        const reply = await get(`resources/${packageName}/${picture}`);
        assert.equal(reply.headers.get('content-type'), 'image/png', picture);
      }
      for (const icon of readdirSync(join(repositoryRoot, 'icons'))) {
        const reply = await get(`icons/${packageName}/${icon}`);
        assert.match(reply.headers.get('content-type') ?? '', /svg/);
        assert.equal(await reply.text(), readFileSync(join(repositoryRoot, 'icons', icon), 'utf8'), icon);
      }
    });

    it('offers its examples, and each of them deploys', async () => {
      for (const name of examples) {
        const path = encodeURI(`library/examples/flows/${packageName}/${name.replace(/\.json$/, '')}`);
        const flow = (await (await get(path)).json()) as FlowNode[];
        assert.deepEqual(flow, example(name));
        await scene.nodeRed.deploy(flow);
      }
      assert.doesNotMatch(scene.nodeRed.log(), /Waiting for missing types/);
    });

    it('reads production and serves a proxy, also after a restart', async () => {
      const reading = example('01 - Read production.json').map((node) => ({
        ...node,
        ...(node['gateway'] === '' && { gateway: ids.gateway }),
        ...(node.type === 'debug' && { type: 'test-output' }),
      }));
      const gateway = { ...gatewayNode(scene.gatewayProperties), credentials: owner };
      const proxy = [
        { ...proxyNode(enedis, 'proxy', { z: 'envoy-01' }) },
        { id: 'events', type: 'test-output', z: 'envoy-01', x: 100, y: 400 },
        { id: 'statuses', type: 'status', z: 'envoy-01', x: 100, y: 440, scope: ['proxy'], wires: [['status']] },
        { id: 'status', type: 'test-output', z: 'envoy-01', x: 300, y: 440 },
      ];
      await scene.nodeRed.deploy([...reading, gateway, ...proxy]);
      await works();
      await scene.nodeRed.stop();
      await scene.startAgain();
      await works();
      assert.ok(!existsSync(join(scene.userDir, 'node_modules/mocha')));
    });

    async function works(): Promise<void> {
      const { nodeRed } = scene;
      await nodeRed.admin('POST', '/inject/envoy-01-now', {});
      const { message } = await nodeRed.waitForMessage(({ node }) => node === 'envoy-01-all', { limit: 60_000 });
      const { production } = message['payload'] as { production: { wattsNow: number } };
      assert.ok(production.wattsNow > 0);
      await nodeRed.waitForMessage(isReady('proxy'));
      const device = new Visitor(nodeRed.port, '/proxy', enedis.application.clientId);
      try {
        assert.match((await device.begin()).userCode, /^\S{4,}/);
      } finally {
        device.close();
      }
    }
  });
}
