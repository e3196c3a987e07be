import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findFolders } from './conformance/folders.mjs';
import { readByFlow } from './conformance/flow.mjs';
import { playWithSimulator } from './conformance/own-player.mjs';
import { playWithTools } from './conformance/tools-player.mjs';
import { checkNode, prepare, Problem, run } from './prepare.mjs';

const help = `npm run conformance -- [DIR] [options]
Reads recorded gateways by a flow of a real Node-RED and compares what it reads with the expected values.

DIR               holds envoy-recordings/ and envoy-expected/ (and tools/), or is the folder of recordings itself;
                  by default ../shared
--expected DIR    the expected values, where they are not beside the recordings
--only A,B        these systems only
--own             with the player and the comparer of this repository, also where DIR or ../shared has tools/
--http PORT       other ports than 80 and 443 for the player of tools/ (below 1024 they need root)
--https PORT

Exit code: 0 where nothing differs, 1 where something does or nothing could be compared.`;

function port(text, name) {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 65536) return number;
  throw new Problem(`--${name} must be a number from 1 to 65535, not "${text}".`);
}

function commandLine() {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  const options = { expected: text, only: text, own: flag, http: text, https: text, help: flag };
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.length > 1) throw new Error('Only one DIR can be compared at a time.');
    const { http, https, ...others } = values;
    return { ...others, directory: positionals[0], http: port(http, 'http'), https: port(https, 'https') };
  } catch (error) {
    throw new Problem(`${error.message}\n\n${help}`);
  }
}

/** Plays with the player that comes with the recordings, or else with the simulator; says which, and why. */
async function play(found, options) {
  const given = { ...found, ...options };
  if (found.player === undefined) {
    console.log(
      `Player      the simulator of this repository${options.own ? '' : ' (there is no tools/replay-envoy.mjs)'}`,
    );
    return playWithSimulator(given);
  }
  try {
    const played = await playWithTools(given);
    console.log(`Player      ${found.player}`);
    if (options.http !== undefined || options.https !== undefined) {
      console.log('            with other ports each gateway is asked at the port of its own scheme only:');
      console.log('            below firmware 7 http, from 7 on https; a redirect between them leads nowhere');
    }
    return played;
  } catch (error) {
    console.log(`Player      the simulator of this repository: ${found.player}`);
    console.log(`            could not be started: ${error.message}`);
    return playWithSimulator(given);
  }
}

async function comparerOf({ comparer }, { own }) {
  const ours = `that of this repository${own ? '' : ' (there is no tools/compare.mjs)'}`;
  console.log(`Comparer    ${comparer ?? ours}\n`);
  const address =
    comparer === undefined ? new URL('./conformance/compare.mjs', import.meta.url) : pathToFileURL(comparer);
  return (await import(address.href)).differences;
}

function unreadable({ failure }, { error }) {
  const reference = `the reference: ${error.message ?? JSON.stringify(error)}`;
  const lines = [failure ?? 'read here, with nothing to compare it with', reference];
  return { verdict: 'unreadable', lines };
}

function verdictOf(answer, expected, differences) {
  if (expected.error) return unreadable(answer, expected);
  if (answer.failure !== undefined) return { verdict: 'different', lines: [`not read: ${answer.failure}`] };
  const lines = differences(expected, answer.payload);
  return { verdict: lines.length === 0 ? 'same' : 'different', lines };
}

async function* answersOf({ systems }, played) {
  yield* readByFlow(played);
  const names = played.gateways.map(({ name }) => name);
  for (const name of systems) if (!names.includes(name)) yield { name, failure: 'the player did not play it' };
}

async function compareAll(found, played, differences) {
  const counts = { same: 0, different: 0, unreadable: 0 };
  const width = Math.max(...found.systems.map((name) => name.length));
  for await (const answer of answersOf(found, played)) {
    const expected = JSON.parse(readFileSync(join(found.expected, `${answer.name}.json`), 'utf8'));
    const { verdict, lines } = verdictOf(answer, expected, differences);
    counts[verdict]++;
    console.log(`${answer.name.padEnd(width)}  ${verdict}`);
    for (const line of lines) console.log(`    ${line}`);
  }
  return counts;
}

function tellIncomplete({ withoutExpected, withoutRecording }) {
  for (const name of withoutExpected) console.log(`${name}: NOT COMPARED, it has no expected values`);
  for (const name of withoutRecording) console.log(`${name}: NOT COMPARED, it has no recording`);
}

async function conformance(options) {
  const found = findFolders(options);
  if (found.systems.length === 0) throw new Problem(`No system of ${found.recordings} has expected values.`);
  await prepare();
  const { register } = await import('tsx/esm/api');
  register();
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  console.log(`Recordings  ${found.recordings}\nExpected    ${found.expected}`);
  const { http, https, own } = options;
  const played = await play(found, { http, https, own, folder });
  try {
    const counts = await compareAll(found, played, await comparerOf(found, options));
    tellIncomplete(found);
    console.log(`\n${counts.same} same, ${counts.different} different, ${counts.unreadable} unreadable`);
    if (counts.different > 0) process.exitCode = 1;
  } finally {
    await played.stop();
  }
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => process.exit(1));

await run(async () => {
  checkNode();
  const options = commandLine();
  if (options.help) console.log(help);
  else await conformance(options);
});
