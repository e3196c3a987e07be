import assert from 'node:assert/strict';
import {
  circlesOf,
  functionsIn,
  inSourcesBelow,
  linesBelow,
  loadedWith,
  modulesBelow,
  uncommentedIn,
  type Module,
} from './support/modules.js';

/** Packages that take long to load; a Node-RED that starts must not wait for them. */
const heavy = ['undici', 'jose', 'saxes', 'qrcode-generator', 'mongodb', 'classic-level', 'prom-client'];
const longestFile = 300;
const longestFunction = 50;

describe('the rules of the house', () => {
  let modules: ReadonlyMap<string, Module>;
  before(async () => {
    modules = await modulesBelow('lib', 'nodes');
    assert.ok(modules.has('lib/errors.ts') && modules.has('nodes/envoy-gateway/envoy-gateway.ts'));
  });

  /** The imports from modules whose path begins with `from` that `allowed` turns down. */
  function violations(from: string, allowed: (target: string, module: Module) => boolean): string[] {
    return [...modules.values()]
      .filter(({ path }) => path.startsWith(from))
      .flatMap((module) =>
        module.imports
          .filter(({ own, target }) => own && !allowed(target, module))
          .map(({ target }) => `${module.path} imports ${target}`),
      );
  }

  it('every import is of a module that exists', () => {
    assert.deepEqual(
      violations('', (target) => modules.has(target) || target.endsWith('.css') || target.endsWith('.json')),
      [],
    );
  });

  it('lib/ imports nothing from outside', () => {
    assert.deepEqual(
      violations('lib/', (target) => target.startsWith('lib/')),
      [],
    );
  });

  it('lib/ knows nothing of Node-RED', () => {
    const knowing = [...modules.values()].filter(({ path, imports }) => {
      return path.startsWith('lib/') && imports.some(({ target }) => /^(node-red|@node-red)/.test(target));
    });
    assert.deepEqual(knowing, []);
  });

  it('lib/store imports only itself and the errors', () => {
    assert.deepEqual(
      violations('lib/store/', (target) => target.startsWith('lib/store/') || target === 'lib/errors.ts'),
      [],
    );
  });

  it('a node imports only lib/, what nodes share, and itself', () => {
    const allowed = (target: string, { path }: Module): boolean => {
      const home = path.split('/').slice(0, 2).join('/');
      return ['lib/', 'nodes/shared/', `${home}/`].some((place) => target.startsWith(place));
    };
    assert.deepEqual(violations('nodes/', allowed), []);
  });

  it('no imports go in circles', () => {
    assert.deepEqual(circlesOf(modules), []);
  });

  it('a node that starts loads no heavy package', () => {
    const nodes = [...modules.keys()].filter((path) => /^nodes\/([^/]+)\/\1\.ts$/.test(path));
    assert.ok(nodes.length >= 2);
    for (const node of nodes) {
      const loaded = loadedWith(modules, node);
      const found = heavy.filter((name) => loaded.has(name)).map((name) => `${name} by ${loaded.get(name) ?? ''}`);
      assert.deepEqual(found, [], `${node} loads what it does not need at the start`);
    }
  });

  it('the program loads only the packages that its settings ask for', () => {
    const loaded = loadedWith(modules, 'lib/program/main.ts');
    assert.deepEqual(
      heavy.filter((name) => loaded.has(name)),
      [],
    );
    assert.deepEqual(
      [...loadedWith(modules, 'lib/program/device-flow-proxy.ts').keys()].filter((name) => heavy.includes(name)),
      [],
    );
  });

  it('is seen to be broken where it is', () => {
    const module = (path: string, target: string): Module => ({
      path,
      lines: 1,
      imports: [{ target, own: true, typeOnly: false, dynamic: false }],
    });
    const circle = [module('a', 'b'), module('b', 'c'), module('c', 'b')];
    assert.deepEqual(circlesOf(new Map(circle.map((each) => [each.path, each]))), [['b', 'c', 'b']]);
    assert.ok(loadedWith(modules, 'lib/enlighten/token.ts').has('jose'), 'static imports are not seen');
    assert.ok(
      !loadedWith(modules, 'lib/store/sealing.ts').has('jose'),
      'an import on demand counts as one at the start',
    );
    assert.ok(!loadedWith(modules, 'lib/http/transport.ts').has('undici'), 'an import of types counts as one of code');
  });

  it(`no file is longer than ${longestFile} lines`, async () => {
    const folders = ['lib', 'nodes', 'simulator', 'scripts', 'test', 'bench', 'demo/source'];
    const lines = await linesBelow(/\.(ts|mts|mjs|cjs|html|css)$/, ...folders);
    for (const folder of folders)
      assert.ok(
        [...lines.keys()].some((path) => path.startsWith(`${folder}/`)),
        folder,
      );
    assert.deepEqual(
      [...lines].filter(([, count]) => count > longestFile),
      [],
    );
  });

  it(`no function is longer than ${longestFunction} lines`, async () => {
    const functions = await inSourcesBelow(functionsIn, 'lib', 'nodes', 'simulator', 'scripts');
    assert.ok(functions.length > 1000);
    assert.deepEqual(
      functions.filter(({ lines }) => lines > longestFunction),
      [],
    );
  });

  it('a long function is seen, and those within it count by themselves', () => {
    const filled = (lines: number): string => '  step();\n'.repeat(lines);
    const text = `function outer() {\n${filled(3)}  const inner = () => {\n${filled(60)}  };\n  use(() => {\n${filled(4)}  });\n}\n`;
    assert.deepEqual(functionsIn('a.ts', text), [
      { place: 'a.ts:5 inner', lines: 62 },
      { place: 'a.ts:1 outer', lines: 11 },
    ]);
    const method = `class A {\n  run(): void {\n${filled(50)}  }\n}\n`;
    assert.deepEqual(functionsIn('b.ts', method), [{ place: 'b.ts:2 run', lines: 52 }]);
  });

  it('whatever lib/ exports has a doc comment', async () => {
    assert.deepEqual(await inSourcesBelow(uncommentedIn, 'lib'), []);
  });

  it('a missing comment is seen', () => {
    const text = [
      '/** Said. */\nexport function said(): void {}',
      'export function unsaid(): void {}',
      '// No doc comment.\nexport type Unsaid = string;',
      'function own(): void {}',
      "export { other } from './other.js';",
    ].join('\n\n');
    assert.deepEqual(uncommentedIn('a.ts', text), ['a.ts:4', 'a.ts:7']);
  });
});
