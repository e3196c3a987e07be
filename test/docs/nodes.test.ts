import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { commandNames } from '../../lib/envoy/commands/types.js';
import { datasetNames } from '../../lib/envoy/datasets/types.js';
import { authenticationCodes } from '../../lib/errors.js';
import { linkyDatasets } from '../../lib/linky/readings.js';
import { platforms } from '../../scripts/platforms.mjs';
import { editorTypes } from '../scorecard/editor-types.js';
import { codes, named, pages, root, rows, section, textOf } from './pages.js';

const readme = textOf('README.md');

/** The heading of each node type in the README. */
const headings: Readonly<Record<string, string>> = {
  'envoy-gateway': '### _envoy gateway_ (configuration)',
  'envoy-read': '### _envoy read_',
  'envoy-control': '### _envoy control_',
  'enedis-account': '### _enedis account_ (configuration)',
  'device-flow': '### _device flow_',
  'linky-read': '### _linky read_',
  'device-flow-proxy': '### _enedis proxy_',
};
const manifest = JSON.parse(textOf('package.json')) as {
  readonly 'node-red': { readonly nodes: Readonly<Record<string, string>> };
  readonly optionalDependencies: Readonly<Record<string, string>>;
};
const types = Object.keys(manifest['node-red'].nodes);

function partOf(type: string): string {
  return section(readme, headings[type] ?? type);
}

function sourcesOf(...folders: readonly string[]): string {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return files
    .filter((name) => /\.(ts|mjs|cjs|yaml|example|html)$/.test(name))
    .map(textOf)
    .join('\n');
}

/** The members of a union of texts in a source, which leaves nothing behind at run time. */
function union(source: string, name: string): string[] {
  const [, members = ''] = new RegExp(`(?:type ${name} =|${name}:)([^;]*);`).exec(source) ?? [];
  return [...members.matchAll(/'(\w+)'/g)].map(([, member = '']) => member);
}

/** What tells a topic of the pages, such as `envoy/<serial number>/live`, from the template that makes it. */
function topicPattern(topic: string): RegExp {
  const parts = topic.split('/').map((part, index) => {
    const made = part.replaceAll(/<[^>]+>/g, '\\$\\{[^}]+\\}');
    // A source of errors may be put in, too: what it may be is checked by the compiler.
    return index === 0 && !part.includes('<') ? `(?:${made}|\\$\\{source\\})` : made;
  });
  return new RegExp(`[\`']${parts.join('/')}[\`']`);
}

describe('the nodes in the README', () => {
  it('are all there, in the order of package.json', () => {
    assert.deepEqual(Object.keys(headings), types);
    const places = types.map((type) => readme.indexOf(headings[type] ?? type));
    assert.ok(places.every((place, index) => place > (places[index - 1] ?? 0)));
  });

  for (const type of types) {
    it(`${type}: every property is named`, () => {
      const [registered] = editorTypes(join(root, 'nodes', type, `${type}.html`));
      assert.ok(registered);
      const properties = [...(registered.keys['defaults'] ?? []), ...(registered.keys['credentials'] ?? [])];
      assert.ok(properties.length > 2);
      const told = new Set(codes(partOf(type)));
      assert.deepEqual(
        properties.filter((property) => property !== 'name' && !told.has(property)),
        [],
      );
    });

    it(`${type}: every topic of its messages is in the code`, () => {
      const code = sourcesOf(`nodes/${type}`, 'nodes/shared', 'lib/proxy');
      const topics = codes(partOf(type)).filter((text) =>
        /^(envoy|enedis|linky|device-flow-proxy)\/.*[<a-z]/.test(text),
      );
      assert.deepEqual(
        topics.filter((topic) => !topicPattern(topic).test(code)),
        [],
      );
      if (type !== 'envoy-gateway' && type !== 'enedis-account') assert.ok(topics.length > 0);
    });
  }

  it('every topic that a node takes is in its table, and no other', () => {
    const taken = (file: string) => [...textOf(file).matchAll(/case '(\w+)':/g)].map(([, topic = '']) => topic).sort();
    const told = (type: string) => named(partOf(type).split('\n| Out')[0] ?? '').sort();
    assert.deepEqual(told('envoy-read'), taken('nodes/envoy-read/topics.ts'));
    for (const topic of told('device-flow')) {
      assert.match(sourcesOf('nodes/device-flow'), new RegExp(`'${topic}'|\\b${topic}:`), topic);
    }
    assert.deepEqual(told('device-flow'), ['cancel', 'logout', 'refresh']);
  });

  it('every dataset, every command and every event is there', () => {
    const data = codes(partOf('envoy-read')).join(' ');
    for (const name of datasetNames) assert.match(data, new RegExp(`\\b${name}\\b`), name);
    assert.deepEqual(named(partOf('envoy-control').split('\n| Out')[0] ?? '').sort(), [...commandNames].sort());
    const read = codes(partOf('linky-read'));
    for (const name of linkyDatasets) assert.ok(read.includes(name), name);
    const events = union(textOf('lib/proxy/events.ts'), 'readonly name');
    assert.ok(events.length > 5);
    for (const name of events) assert.ok(codes(partOf('device-flow-proxy')).includes(name), name);
  });

  it('every warning of a command is explained', () => {
    const given = [...sourcesOf('lib/envoy/commands').matchAll(/\bcode: '(\w+)'/g)].map(([, code = '']) => code);
    const warnings = [...new Set(given)].sort();
    assert.ok(warnings.length > 4);
    for (const name of warnings) assert.ok(codes(partOf('envoy-control')).includes(name), name);
    assert.deepEqual(named(section(textOf('docs/gateway.md'), '## Commands')).sort(), warnings);
  });
});

describe('the codes in the pages', () => {
  it('authentication: all of design 5 in their order, with a remedy wherever they can come up', () => {
    const [, , ...table] = rows(section(readme, '## Authentication errors'));
    assert.deepEqual(
      table.map(([code = '']) => code.replaceAll('`', '')),
      [...authenticationCodes],
    );
    const actions = (type: string) => {
      const catalog = JSON.parse(textOf(`locales/en-US/${type}.json`)) as { authentication: { action: object } };
      return Object.keys(catalog.authentication.action);
    };
    const ofAccounts = new Set([...actions('enedis-account'), ...actions('linky-read')]);
    for (const [code = '', gateway = '', account = ''] of table) {
      assert.ok(gateway !== '' || account !== '', code);
      assert.equal(account !== '', ofAccounts.has(code.replaceAll('`', '')), code);
    }
  });

  it('all others: in docs/troubleshooting.md, once', () => {
    const failures = union(textOf('lib/errors.ts'), 'FailureCode');
    assert.ok(failures.includes('gateway_unreachable'));
    const table = section(textOf('docs/troubleshooting.md'), '## Codes at Catch nodes');
    assert.deepEqual(named(table).sort(), failures.sort());
    for (const [code, ...told] of rows(table))
      assert.ok(
        told.every((text) => text !== ''),
        code,
      );
  });

  it('codes that the README names for a node exist', () => {
    const known = new Set<string>([...authenticationCodes, ...union(textOf('lib/errors.ts'), 'FailureCode')]);
    for (const type of types) {
      for (const [, list = ''] of partOf(type).matchAll(/Catch nodes[^(\n]*\(([^)]*)\)/g)) {
        assert.deepEqual(
          codes(list).filter((code) => !known.has(code)),
          [],
        );
      }
    }
  });

  it('notes: every value in docs/enedis.md, with its remedy', () => {
    const notes = union(textOf('lib/linky/reader/reader.ts'), 'ReadNote');
    assert.ok(notes.length >= 8);
    assert.deepEqual(named(section(textOf('docs/enedis.md'), '## Notes')).sort(), notes.sort());
  });
});

describe('what the pages name besides', () => {
  it('words in italics are what stands in the dialogs, the palette, the examples or the pages of the proxy', () => {
    const catalogs = types.flatMap((type) => [...textOf(`locales/en-US/${type}.json`).matchAll(/": "(.*)",?$/gm)]);
    const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' });
    const known = [
      ...catalogs.map(([, text = '']) => text),
      ...examples.map((name) => /([^\\/]+)\.json$/.exec(name)?.[1] ?? ''),
      ...[...textOf('lib/proxy/pages/texts/en.ts').matchAll(/'([^'\n]+)'/g)].map(([, text = '']) => text),
      // Node-RED and GitHub; a config node without a name in the palette.
      ...['Manage palette', 'Install', 'Import', 'Examples', 'Report a vulnerability', 'Security', 'envoy gateway'],
    ];
    for (const page of [
      'README.md',
      ...pages.filter((name) => /(gateway|enedis|proxy|security|troubl)\w*\.md/.test(name)),
    ]) {
      const words = [
        ...textOf(page)
          .replaceAll(/```[^]*?```|`[^`\n]*`/g, '')
          .matchAll(/(?<![\w/.])_([^_\n]+)_(?!\w)/g),
      ];
      const unknown = words.filter(
        ([, word = '']) => !known.some((text) => text === word || text.startsWith(`${word}:`)),
      );
      assert.deepEqual(
        unknown.map(([, word]) => word),
        [],
        page,
      );
    }
  });

  it('variables of the environment are in the code', () => {
    // That of a reader, for Node-RED itself.
    const foreign = new Set(['NODE_RED_CREDENTIAL_SECRET']);
    const code = sourcesOf(
      'lib',
      'nodes',
      'simulator',
      'scripts',
      'test/support',
      'test/e2e',
      'bench',
      'demo',
      'docker',
    );
    for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/proxy.md', 'docs/security.md', 'docs/scaling.md']) {
      const variables = new Set(textOf(page).match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g));
      assert.deepEqual(
        [...variables].filter((name) => !foreign.has(name) && !new RegExp(`\\b${name}\\b`).test(code)),
        [],
        page,
      );
    }
  });

  it('routes of the dialogs, with their permissions', () => {
    const code = sourcesOf('nodes');
    const routes = [
      ...code.matchAll(/httpAdmin\.(get|post)\(\s*'([^']+)',\s*RED\.auth\.needsPermission\('([^']+)'\)/g),
    ];
    const found = routes.map(([, method = '', path = '', permission = '']) => [
      `${method.toUpperCase()} ${path}`,
      permission,
    ]);
    assert.equal(found.length, code.match(/httpAdmin\.(get|post|put|delete|use)\(/g)?.length);
    const table = rows(section(textOf('docs/security.md'), '## The editor and its permissions')).slice(2);
    const told = table.map(([route = '', permission = '']) =>
      [route, permission].map((cell) => cell.replaceAll('`', '')),
    );
    assert.deepEqual(told.sort(), found.sort());
  });

  it('examples, languages, platforms and optional packages are those that there are', () => {
    const examples = readdirSync(join(root, 'examples'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => /([^\\/]+)\.json$/.exec(name)?.[1] ?? name);
    const told = [...section(readme, '## Five minutes with an Envoy').matchAll(/^\| _([^_]+)_/gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(told.sort(), examples.sort());
    const table = section(readme, '## Install');
    const inEnglish = new Intl.DisplayNames(['en'], { type: 'language' });
    const languages = readdirSync(join(root, 'locales')).map((name) => inEnglish.of(name.slice(0, 2)) ?? name);
    const line = /^\| Languages +\| ([^:]+):/m.exec(table)?.[1] ?? '';
    assert.deepEqual(line.split(', ').sort(), languages.sort());
    for (const [name, { nodeRed, node }] of Object.entries(platforms)) {
      assert.ok(table.includes(nodeRed.split('.').slice(0, 2).join('.')), name);
      if (node !== undefined)
        assert.match(table, new RegExp(node.replace(/(\.\d+)$/, '').replace(/^24.*/, '24')), name);
    }
    for (const name of Object.keys(manifest.optionalDependencies)) assert.ok(table.includes(`\`${name}\``), name);
  });

  it('the map of CONTRIBUTING.md has every room', () => {
    const map = section(textOf('CONTRIBUTING.md'), '## The map');
    const rooms = readdirSync(join(root, 'lib'), { withFileTypes: true }).map(({ name }) => name);
    const folders = readdirSync(root, { withFileTypes: true }).filter(
      (each) => each.isDirectory() && !/^(\.|dist$|node_modules$)/.test(each.name),
    );
    for (const name of [...rooms, ...folders.map((each) => each.name)]) {
      assert.match(map, new RegExp(`(?:^|\\s)${name.replace('.', '\\.')}(?:/|\\s)`, 'm'), name);
    }
  });
});
