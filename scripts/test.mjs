/* global clearInterval, setInterval */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { prepare, Problem, root, run } from './prepare.mjs';

/** A finished test run that does not end has left something open; it gets so many ms. */
const endPatience = 30_000;

const running = new Set();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.once(signal, () => {
    // Mocha ends the running test and cleans up on this one.
    for (const child of running) child.kill('SIGINT');
    process.exit(1);
  });
}

function start(script, given, { env = {}, silent = false } = {}) {
  const child = spawn(process.execPath, [...script, ...given], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', silent ? 'pipe' : 'inherit', silent ? 'pipe' : 'inherit'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Runs a tool of `node_modules` and gives its status and what it wrote. */
function tool(script, ...given) {
  const child = start([join(root, 'node_modules', script)], given, { silent: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => done({ code, output }));
  });
}

/** Runs several tools that together count as one test. */
async function check(name, ...commands) {
  let passed = true;
  for (const command of commands) {
    const { code, output } = await tool(...command);
    if (code === 0) continue;
    passed = false;
    console.log(`\n${name} fails:\n${output.trim()}`);
  }
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: [] };
}

function checks() {
  return Promise.all([
    check('lint', ['eslint/bin/eslint.js', '.'], ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']),
    check(
      'typecheck',
      ['typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
      ['typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.editor.json'],
    ),
  ]);
}

function countsIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** Waits for the end of a run; one that has its counts but goes on is ended and counted as a failure. */
function ended(child, file) {
  return new Promise((done, failed) => {
    let finishedAt;
    let hung = false;
    const watch = setInterval(() => {
      if (!existsSync(file)) return;
      finishedAt ??= Date.now();
      if (Date.now() - finishedAt < endPatience) return;
      hung = true;
      child.kill('SIGKILL');
    }, 1_000);
    child.on('error', failed);
    child.on('close', (code) => {
      clearInterval(watch);
      done({ code, hung });
    });
  });
}

/** What a silent child writes, shown when it has ended. */
function showLater(child, title) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  child.once('close', () => console.log(`\n${title}:\n${output.trim()}\n`));
}

/**
 * Runs test files with mocha and counts; a run that breaks off or does not end counts as one more failure. With a
 * `platform` it is that of the tests, and the output comes at the end, so that two runs may go side by side.
 */
async function mocha(files, options = [], platform = undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'test-counts-'));
  const counts = join(folder, 'counts.json');
  const reporter = ['--reporter', join(root, 'scripts/test/reporter.mjs')];
  const child = start(
    ['--import', 'tsx', join(root, 'node_modules/mocha/bin/mocha.js')],
    ['--no-config', '--extension', 'ts', '--timeout', '60000', ...reporter, ...options, ...files],
    { env: { TEST_COUNTS: counts, ...(platform && { NODE_RED_PLATFORM: platform }) }, silent: platform !== undefined },
  );
  if (platform) showLater(child, `On Node-RED ${platform}`);
  const { code, hung } = await ended(child, counts);
  const result = countsIn(counts) ?? { passed: 0, failed: 0, skipped: [] };
  rmSync(folder, { recursive: true, force: true });
  const brokenOff = result.failed === 0 && code !== 0;
  if (hung) console.log('\nThe tests are through but their process went on: something was left open.');
  else if (brokenOff) console.log(`\nThe tests broke off (status ${code}).`);
  return brokenOff ? { ...result, failed: result.failed + 1 } : result;
}

function allTests() {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join('test', name))
    .sort();
}

function chosenTests(given) {
  return given.map((name) => {
    const path = resolve(process.env.INIT_CWD ?? process.cwd(), name);
    const found = [path, resolve(root, name)].find((candidate) => existsSync(candidate));
    if (!found) throw new Problem(`There is no test file ${name}.`);
    return relative(root, found);
  });
}

const whole = join('test', 'e2e') + sep;
/** What people see, which has to be the same in both versions of Node-RED. */
const onBothVersions = ['editor', 'journey'].map((name) => whole + name + sep);

async function oneAfterTheOther(items, act) {
  const results = [];
  for (const item of items) results.push(await act(item));
  return results;
}

async function everything() {
  const files = allTests();
  const isWhole = (name) => name.startsWith(whole);
  const parts = await checks();
  // The tests of single parts run side by side; those with a real Node-RED and a browser want a core to themselves.
  parts.push(
    await mocha(
      files.filter((name) => !isWhole(name)),
      ['--parallel', '--jobs', '2'],
    ),
  );
  const isSeen = (name) => onBothVersions.some((folder) => name.startsWith(folder));
  parts.push(
    ...(
      await Promise.all([
        mocha(files.filter((name) => isWhole(name) && !isSeen(name))).then((part) => [part]),
        oneAfterTheOther(['4.1', '5.0'], (platform) => mocha(files.filter(isSeen), [], platform)),
      ])
    ).flat(),
  );
  return parts;
}

function conclude(parts) {
  const sum = (key) => parts.reduce((total, part) => total + part[key], 0);
  const skipped = parts.flatMap((part) => part.skipped);
  for (const title of skipped) console.log(`SKIPPED: ${title}`);
  const failed = sum('failed');
  console.log(`${sum('passed')} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`);
  if (failed > 0) process.exitCode = 1;
}

await run(async () => {
  await prepare();
  const given = process.argv.slice(2);
  const options = given.filter((each) => each.startsWith('-'));
  const files = given.filter((each) => !each.startsWith('-'));
  conclude(given.length > 0 ? [await mocha(chosenTests(files), options)] : await everything());
});
