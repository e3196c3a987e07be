import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settingsFromEnvironment } from '../../lib/proxy/settings/environment.js';
import { freshDirectory } from '../support/directory.js';
import { builtProgram, startProgram } from '../support/proxy/program.js';
import { blocks, codes, pages, root, textOf } from './pages.js';

/** Who runs a command: a test with something in it by which it is recognised, or nobody, for a reason. */
type Runner = { readonly test: string; readonly by: RegExp } | { readonly reason: string };

const self = 'test/docs/commands.test.ts';
const recording = 'test/e2e/docs/recording.test.ts';
const packed = 'test/e2e/package/program.test.ts';
const program = 'npx @energy-nodes/node-red-envoy-linky device-flow-proxy --env-file .env';

/** Every command that stands by itself in a page; a line that ends with a backslash goes on. */
const runners: Readonly<Record<string, Runner>> = {
  'npm install @energy-nodes/node-red-envoy-linky': { test: 'test/e2e/package/palette.test.ts', by: /packedPackage/ },
  [`${program} --port 8080`]: { test: packed, by: /'npx'[^]*'--env-file', '\.env', '--port'/ },
  [`${program} --check`]: { test: self, by: /--check/ },
  'node_modules/.bin/node-red-envoy-linky device-flow-proxy --env-file .env': {
    test: packed,
    by: /node_modules\/\.bin\/node-red-envoy-linky/,
  },
  'openssl rand -base64 32': { test: self, by: /openssl/ },
  'npm start': { test: 'test/e2e/demo/start.test.ts', by: /new DemoProcess\(\{ folder, port \}\)/ },
  'ENVOY_HOST=192.168.1.20 ENVOY_USERNAME=you@example.com ENVOY_PASSWORD=... npm start': {
    test: recording,
    by: /ENVOY_HOST/,
  },
  'npx tsx simulator/main.ts --replay envoy-diagnostics.json': { test: recording, by: /--replay/ },
  'ENVOY_HOST=127.0.0.1:PORT ENVOY_USERNAME=demo@example.com ENVOY_PASSWORD=demo-password ENVOY_CLOUD_URL=http://127.0.0.1:PORT ENVOY_TOKEN_URL=http://127.0.0.1:PORT DEMO_DIR=/tmp/replay npm start':
    { test: recording, by: /ENVOY_CLOUD_URL/ },
  'npx tsx simulator/main.ts --batteries 2 --system-controller --generator --phases 3 --firmware 8.3.5433': {
    test: recording,
    by: /--batteries/,
  },
  'NODE_RED_PLATFORM=5.0 COLOR_SCHEME=dark SCREENSHOTS=/tmp/pictures npm test -- test/e2e/editor/dialogs.test.ts': {
    reason: 'tests within tests: npm test runs the same files, and the files and variables are looked at below',
  },
};

/** Commands within sentences that need somebody's account, the registry, or hours. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^npm (audit|dist-tag|deprecate|outdated|publish|version|view)\b/, 'asks or changes the registry'],
  [/^npm (ci|install|pack)\b/, 'test/e2e/package installs and packs'],
  [/^npm rebuild\b/, 'works on the installation of a user'],
  [/^npx node-red-dev\b/, 'asks the registry; test/scorecard has its rules'],
  [/^npx mocha\b/, 'tests within tests'],
  [/^git (tag|push|clone)\b/, 'changes the repository'],
  [/^curl http:\/\/127\.0\.0\.1:8080\/health$/, 'the test below asks it'],
];

function commandLines(text: string): string[] {
  return text
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
}

/** What the fenced blocks without a language hold that is no command. */
function isNoCommand(text: string): boolean {
  return text.startsWith('nodes/  ') || /^[A-Z_]+=[^\n]*(\n[A-Z_]+=[^\n]*)+$/.test(text);
}

const fenced = blocks()
  .filter(({ language, text }) => language === '' && !isNoCommand(text))
  .flatMap(({ page, text }) => commandLines(text).map((command) => ({ page, command })));

const inSentences = pages.flatMap((page) =>
  codes(textOf(page))
    .filter((code) => /^(npm|npx|node|git|curl) [\w-]|^openssl /.test(code))
    .map((command) => ({ page, command })),
);

const manifest = JSON.parse(textOf('package.json')) as { readonly scripts: Readonly<Record<string, string>> };

/** What is wrong with a command of this repository; nothing where it can be typed as it stands. */
function wrongWith(command: string): string | undefined {
  const [, script, file] = /^npm (?:run )?([\w-]+)|^node ([\w./-]+\.mjs)/.exec(command) ?? [];
  if (script !== undefined && !(script in manifest.scripts)) return `package.json has no script ${script}`;
  if (file !== undefined && !existsSync(join(root, file))) return `${file} is not there`;
  const named = [...command.matchAll(/(?:^| )((?:test|bench|simulator|scripts)\/[\w./-]+\.(?:ts|mjs))/g)];
  const missing = named
    .map(([, path = '']) => path)
    .find((path) => !path.endsWith('/x.test.ts') && !existsSync(join(root, path)));
  if (missing !== undefined) return `${missing} is not there`;
  const [, bench] = /^(?:npm run bench --|node scripts\/bench\.mjs) (\w+)/.exec(command) ?? [];
  return bench === undefined || existsSync(join(root, 'bench', bench, 'index.ts')) ? undefined : `no bench ${bench}`;
}

describe('the commands of the pages', () => {
  it('are each run by a test, or by nobody for a reason', () => {
    assert.ok(fenced.length >= 10);
    const unknown = fenced.filter(({ command }) => !(command in runners));
    assert.deepEqual(unknown, []);
    const told = new Set(fenced.map(({ command }) => command));
    assert.deepEqual(
      Object.keys(runners).filter((command) => !told.has(command)),
      [],
      'no page has them any more',
    );
  });

  it('the tests that run them are there', () => {
    for (const [command, runner] of Object.entries(runners)) {
      if ('test' in runner) assert.match(textOf(runner.test), runner.by, command);
    }
  });

  it('those within sentences are of this repository, or known to be of elsewhere', () => {
    assert.ok(inSentences.length >= 15);
    const own = inSentences.filter(({ command }) => !elsewhere.some(([pattern]) => pattern.test(command)));
    const wrong = [...own, ...fenced.filter(({ command }) => /npm (test|run)/.test(command))].flatMap((each) => {
      const problem = wrongWith(each.command.replace(/^([A-Z_]+=\S+ )+/, ''));
      return problem === undefined ? [] : [`${each.page}: ${each.command}: ${problem}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('npm start takes the options that the pages name', () => {
    const optioned = inSentences.filter(({ command }) => /^npm (start|run dev) --/.test(command));
    const known =
      textOf('scripts/start.mjs') + (existsSync(join(root, 'scripts/dev.mjs')) ? textOf('scripts/dev.mjs') : '');
    for (const { command } of optioned) {
      for (const [, option = ''] of command.matchAll(/ (--[a-z]+)/g)) assert.ok(known.includes(option), command);
    }
  });
});

describe('the program, as docs/proxy.md starts it', function () {
  this.timeout(120_000);
  const directory = freshDirectory();
  const [variables = ''] = blocks()
    .filter(({ page, text }) => page === 'docs/proxy.md' && text.startsWith('BASE_URL='))
    .map(({ text }) => text);

  it('finds the variables of the page in order, and answers /health as it says', async () => {
    await writeFile(join(directory(), '.env'), `${variables}\n`);
    const [file, ...first] = await builtProgram();
    const given = ['--env-file', '.env', '--check'];
    const { status, stderr } = spawnSync(file, [...first, ...given], { cwd: directory(), encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const running = await startProgram({ directory: directory(), args: ['--env-file', '.env', '--port', '0'] });
    try {
      const reply = await fetch(`http://127.0.0.1:${await running.port()}/health`);
      assert.equal(reply.status, 200);
      const [example] = blocks().filter(({ page, language }) => page === 'docs/proxy.md' && language === 'json');
      const shown = JSON.parse(example?.text ?? '') as Record<string, unknown>;
      // Enedis was not asked yet.
      delete shown['upstream'];
      const { upstream, ...said } = (await reply.json()) as Readonly<Record<string, unknown>>;
      assert.deepEqual(said, shown);
      assert.ok(upstream === undefined || typeof upstream === 'object');
    } finally {
      running.signal('SIGTERM');
      assert.deepEqual(await running.ended, { code: 0, signal: null });
    }
  });

  it('ends with status 2 and names everything that is wrong', async () => {
    await writeFile(join(directory(), '.env'), 'BASE_URL=linky\nPKCE=perhaps\n');
    const [file, ...first] = await builtProgram();
    const given = ['--env-file', '.env', '--check'];
    const { status, stderr } = spawnSync(file, [...first, ...given], { cwd: directory(), encoding: 'utf8' });
    assert.equal(status, 2);
    for (const name of ['BASE_URL', 'CLIENT_ID', 'PKCE']) assert.match(stderr, new RegExp(`^${name}:`, 'm'));
  });

  it('has the options of the page, and no other', async () => {
    const [file, ...first] = await builtProgram();
    const { status, stdout } = spawnSync(file, [...first, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    const options = (text: string) => [...new Set(text.match(/(?<=^ *|\| `)--[a-z-]+/gm))].sort();
    assert.deepEqual(options(stdout), options(textOf('docs/proxy.md')));
  });

  it('takes the keys that openssl makes', function () {
    const made = spawnSync('openssl', ['rand', '-base64', '32'], { encoding: 'utf8' });
    if (made.error) this.skip();
    const lines = variables.split('\n').map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]);
    const key = made.stdout.trim();
    const { keys } = settingsFromEnvironment({
      ...(Object.fromEntries(lines) as Record<string, string>),
      TOKEN_HASH_KEY: key,
      ENCRYPTION_KEY: key,
      MONGODB_URI: 'mongodb://localhost:27017/linky',
    });
    assert.ok(keys);
  });
});
