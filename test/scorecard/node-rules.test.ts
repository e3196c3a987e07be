import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from '../../scripts/build.mjs';
import { freshDirectory } from '../support/directory.js';
import { packageRoot, repositoryRoot } from '../support/node-red/user-dir.js';
import { editorTypes, inlineScripts, type EditorType } from './editor-types.js';
import { filesBelow, nodeSets, textOf } from './package-file.js';

const installed = createRequire(join(repositoryRoot, 'package.json'));

/** The types that the html files of an installed package register. */
function typesOf(packageName: string, folder: string): string[] {
  const place = join(dirname(installed.resolve(`${packageName}/package.json`)), folder);
  const files = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.html'));
  return files
    .flatMap((file) => (file.includes('locales') ? [] : editorTypes(join(place, file))))
    .map(({ type }) => type);
}

interface FlowNode {
  readonly type: string;
}

describe('scorecard: the nodes', () => {
  const directory = freshDirectory();
  let bySet: ReadonlyMap<string, readonly EditorType[]>;
  before(async () => {
    if (packageRoot === repositoryRoot) await build({ quiet: true, root: packageRoot });
    const read = ([set, file]: readonly [string, string]) =>
      [set, editorTypes(join(packageRoot, file.replace(/\.js$/, '.html')))] as const;
    bySet = new Map(nodeSets.map(read));
  });
  const ourTypes = () => [...bySet.values()].flat();

  it('every set has the name of the one type that its html registers', () => {
    assert.ok(nodeSets.length >= 7);
    for (const [set, types] of bySet) {
      assert.deepEqual(
        types.map(({ type }) => type),
        [set],
      );
    }
  });

  it('Node-RED, which scrapes templates, sees the same types as the scorecard, which parses scripts', () => {
    for (const [set, file] of nodeSets) {
      const html = textOf(file.replace(/\.js$/, '.html'));
      const templates = [...html.matchAll(/data-template-name\s*=\s*["']([^"']*)["']/g)].map(([, type]) => type);
      assert.deepEqual(templates, [set]);
      assert.ok(inlineScripts(html).length >= 1, `${set}: no script`);
    }
  });

  it('what the flow library shows of a node stands there literally', () => {
    for (const { type, literals, keys, unreadable } of ourTypes()) {
      assert.deepEqual(unreadable, [], type);
      assert.ok('defaults' in keys, `${type}: defaults`);
      const isConfig = literals['category'] === 'config';
      assert.equal(typeof literals['category'], 'string', `${type}: category`);
      if (isConfig) continue;
      for (const member of ['color', 'icon', 'inputs', 'outputs']) assert.ok(member in literals, `${type}: ${member}`);
    }
  });

  it("N01: no type is one of Node-RED's or of Dashboard 2.0 (the catalogue itself can only be asked online)", () => {
    const core = typesOf('@node-red/nodes', 'core');
    const dashboard = typesOf('@flowfuse/node-red-dashboard', 'nodes');
    for (const known of ['inject', 'function', 'mqtt-broker', 'http in']) assert.ok(core.includes(known), known);
    for (const known of ['ui-base', 'ui-chart', 'ui-template']) assert.ok(dashboard.includes(known), known);
    const taken = new Set([...core, ...dashboard]);
    const types = ourTypes().map(({ type }) => type);
    assert.equal(new Set(types).size, types.length, 'a type is registered twice');
    assert.deepEqual(
      types.filter((type) => taken.has(type)),
      [],
    );
  });

  it('N02: every type but config nodes is in an example, and every file there is a flow', () => {
    const files = filesBelow('examples');
    assert.deepEqual(
      files.filter((file) => !file.endsWith('.json')),
      [],
    );
    const used = new Set(files.flatMap((file) => (JSON.parse(textOf(file)) as FlowNode[]).map(({ type }) => type)));
    const wanted = ourTypes().filter(({ literals }) => literals['category'] !== 'config');
    assert.ok(wanted.length >= 5);
    assert.deepEqual(
      wanted.map(({ type }) => type).filter((type) => !used.has(type)),
      [],
    );
  });

  it('a type that is not literal, or not in a script of the page, is not seen', () => {
    const file = join(directory(), 'node.html');
    const seen = (html: string) => {
      writeFileSync(file, html);
      return editorTypes(file).map(({ type }) => type);
    };
    const script = (text: string) => `<script type="text/javascript">${text}</script>`;
    assert.deepEqual(seen(script("RED.nodes.registerType('a', { defaults: {} });")), ['a']);
    assert.deepEqual(seen(script("(function () { RED.nodes.registerType('a', {}); })();")), ['a']);
    assert.deepEqual(seen(script("const a = 'a'; RED.nodes.registerType(a, {});")), []);
    assert.deepEqual(seen(script("RED.nodes.registerType('a', definition);")), []);
    assert.deepEqual(seen('<script src="resources/a.js"></script>'), []);
    assert.throws(() => seen(script('RED.nodes.registerType(')), SyntaxError);
  });
});
