import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { startNodeRed, type FlowNode } from './support/node-red.js';
import { repositoryRoot } from './support/node-red/user-dir.js';

const folder = join(repositoryRoot, 'examples');
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
const flowTypes = [
  'tab',
  'comment',
  'inject',
  'debug',
  'catch',
  'status',
  'change',
  'switch',
  'function',
  'delay',
  'rbe',
  'trigger',
];
const coreTypes = [...flowTypes, 'json', 'csv', 'file'];

interface Manifest {
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
}

const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as Manifest;
const ownTypes = Object.keys(manifest['node-red'].nodes);

function nodesOf(name: string): FlowNode[] {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as FlowNode[];
}

/** Whether the editor offers a node type for flows; config nodes are of the category `config`. */
function isConfig(type: string): boolean {
  const html = readFileSync(join(repositoryRoot, 'nodes', type, `${type}.html`), 'utf8');
  return html.includes("category: 'config'");
}

describe('the examples', () => {
  it('are in the folder that the editor looks at, and show every node type', () => {
    assert.ok(examples.length >= 8, examples.join(', '));
    const used = new Set(examples.flatMap((name) => nodesOf(name).map(({ type }) => type)));
    assert.deepEqual(
      ownTypes.filter((type) => !isConfig(type) && !used.has(type)),
      [],
    );
  });

  for (const name of examples) {
    const isDashboard = name.startsWith('dashboard');

    it(`${name}: explains itself, is wired up, and holds no credentials`, () => {
      const nodes = nodesOf(name);
      const ids = nodes.map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length, 'an id is used twice');
      const comments = nodes.filter(
        ({ type, info }) => type === 'comment' && typeof info === 'string' && info.length > 80,
      );
      assert.ok(comments.length > 0, 'there is no comment node that explains the flow');
      for (const node of nodes) {
        assert.ok(!('credentials' in node), `${node.id} has credentials`);
        const targets = (node['wires'] ?? []) as string[][];
        for (const target of targets.flat())
          assert.ok(ids.includes(target), `${node.id} is wired to nothing: ${target}`);
        if (typeof node['z'] === 'string') assert.ok(ids.includes(node['z']), `${node.id} is on no tab`);
      }
      assert.doesNotMatch(JSON.stringify(nodes), /password"|eyJ[\w-]+\./);
    });

    if (!isDashboard) {
      it(`${name}: begins with a comment at the top left that tells what to do and what one sees`, () => {
        const [tab, first, ...rest] = nodesOf(name);
        assert.equal(tab?.type, 'tab');
        assert.equal(first?.type, 'comment');
        const info = String(first['info']);
        assert.match(info, /\*[^*]+\*.*deploy/is, 'it does not say what to open, and to deploy');
        for (const node of rest)
          assert.ok(Number(node['y']) > Number(first['y']), `${node.id} is not below the comment`);
      });

      it(`${name}: lays its nodes out without overlap, on the grid`, () => {
        const placed = nodesOf(name).filter(({ x, y }) => typeof x === 'number' && typeof y === 'number');
        for (const node of placed) {
          assert.ok(Number(node['y']) % 20 === 0 && Number(node['x']) % 10 === 0, node.id);
          for (const other of placed) {
            const isNear = Math.abs(Number(node['x']) - Number(other['x'])) < 100;
            const overlaps = isNear && Math.abs(Number(node['y']) - Number(other['y'])) < 40;
            assert.ok(node === other || !overlaps, `${node.id} lies on ${other.id}`);
          }
        }
      });

      it(`${name}: has short functions only, and no path of a machine`, () => {
        for (const { id, type, func } of nodesOf(name))
          assert.ok(type !== 'function' || String(func).split('\n').length <= 20, `${id} is long`);
        assert.doesNotMatch(JSON.stringify(nodesOf(name)), /"(\/(home|tmp|data|usr|var|root)\b|[A-Z]:\\)/);
      });
    }

    it(`${name}: uses ${isDashboard ? 'core nodes, Dashboard 2.0' : 'core nodes'} and this package only`, () => {
      const known = [...coreTypes, ...ownTypes, ...(isDashboard ? ['global-config'] : [])];
      const foreign = nodesOf(name).filter(
        ({ type }) => !known.includes(type) && !(isDashboard && type.startsWith('ui-')),
      );
      assert.deepEqual(foreign, []);
    });

    it(`${name}: asks the user for the gateway`, () => {
      for (const node of nodesOf(name)) if (node.type.startsWith('envoy-')) assert.equal(node['gateway'], '');
    });

    it(`${name}: asks the user for the account, once where it comes with one`, () => {
      const nodes = nodesOf(name);
      const accounts = nodes.filter(({ type }) => type === 'enedis-account');
      const chosen = new Set(nodes.filter((node) => 'account' in node).map(({ account }) => account));
      if (chosen.size > 0) assert.deepEqual([...chosen], accounts.length > 0 ? accounts.map(({ id }) => id) : ['']);
      for (const { server, clientId } of accounts) assert.deepEqual([server, clientId], ['', '']);
      if (isDashboard && chosen.size > 0) assert.equal(accounts.length, 1);
    });
  }

  it('name the Dashboard 2.0 that they were made with', () => {
    const installed = join(repositoryRoot, 'node_modules/@flowfuse/node-red-dashboard/package.json');
    const { version } = JSON.parse(readFileSync(installed, 'utf8')) as { version: string };
    for (const name of ['Envoy dashboard.json', 'Linky dashboard.json']) {
      const hint = nodesOf(join('dashboard', name)).find(({ type }) => type === 'global-config');
      assert.deepEqual(hint?.['modules'], { '@flowfuse/node-red-dashboard': version });
    }
  });

  it('and the demo flow are what scripts/flows.mjs makes of demo/source', async () => {
    const { generatedFlows } = (await import(pathToFileURL(join(repositoryRoot, 'scripts/flows.mjs')).href)) as {
      generatedFlows: Readonly<Record<string, unknown>>;
    };
    for (const [path, content] of Object.entries(generatedFlows)) {
      const file = join(repositoryRoot, path);
      const expected = await format(JSON.stringify(content), { ...(await resolveConfig(file)), filepath: file });
      assert.ok(
        existsSync(file) && readFileSync(file, 'utf8') === expected,
        `${path} is stale: node scripts/flows.mjs`,
      );
    }
  });

  it('are offered by a real Node-RED, and those with core nodes start there', async function () {
    this.timeout(120_000);
    const nodeRed = await startNodeRed();
    try {
      const offered = async (path: string): Promise<unknown> => {
        const { body } = await nodeRed.admin(
          'GET',
          `/library/examples/flows/@energy-nodes/node-red-envoy-linky/${path}`,
        );
        return body;
      };
      for (const name of examples) {
        const path = name.replace('\\', '/').replace(/\.json$/, '');
        assert.deepEqual(await offered(encodeURI(path)), nodesOf(name));
      }
      for (const name of examples.filter((each) => !each.startsWith('dashboard'))) await nodeRed.deploy(nodesOf(name));
    } finally {
      await nodeRed.stop();
    }
  });
});
