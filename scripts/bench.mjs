import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, Problem, root, run } from './prepare.mjs';

const folder = join(root, 'bench');

/** The benches by the names of their folders. */
function benches() {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'index.ts')))
    .sort();
}

function chosen(given) {
  const known = benches();
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Problem(`There is no bench "${unknown}". There are: ${known.join(', ')}.`);
  return given.length > 0 ? given : known;
}

function runBench(name) {
  const child = spawn(process.execPath, ['--import', 'tsx', join(folder, name, 'index.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code) => (code === 0 ? done() : failed(new Problem(`The bench "${name}" broke off.`))));
  });
}

await run(async () => {
  await prepare();
  for (const name of chosen(process.argv.slice(2))) await runBench(name);
});
