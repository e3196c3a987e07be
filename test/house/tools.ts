import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../support/modules.js';

/** Runs a tool of `node_modules` in a folder; gives its status and what it wrote. */
async function runTool(
  script: string,
  folder: string,
  given: readonly string[],
): Promise<{ code: number; out: string }> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...given], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  if (code === null || code > 1 || out === '') throw new Error(`${script} broke off: ${errors}${out}`);
  return { code, out };
}

/** One file of a report: names by the kind of what is wrong with them. */
type Issue = Readonly<Record<string, unknown>> & { readonly file: string };

interface Report {
  readonly files: readonly string[];
  readonly issues: readonly Issue[];
}

/** What knip finds below a folder by the `knip.json` in it, as `kind: name (file)`. */
export async function unusedBelow(folder: string): Promise<string[]> {
  const { code, out } = await runTool('knip/bin/knip.js', folder, ['--no-progress', '--reporter', 'json']);
  const { files, issues } = JSON.parse(out) as Report;
  const found = issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, names]) =>
      Object.values(names as object)
        .flat()
        .map(({ name }: { name: string }) => `${kind}: ${name} (${file})`),
    ),
  );
  found.push(...files.map((file) => `files: ${file}`));
  if (code !== 0 && found.length === 0) throw new Error(`knip finds something that it does not tell: ${out}`);
  return found.sort();
}

interface Place {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** What jscpd found twice below a folder, and how many files it looked at. */
export interface Duplicates {
  readonly files: number;
  readonly clones: readonly string[];
}

/** Looks for duplicate code below a folder by the `.jscpd.json` in it. */
export async function duplicatesBelow(folder: string): Promise<Duplicates> {
  const output = await mkdtemp(join(tmpdir(), 'duplicates-'));
  try {
    const report = ['--reporters', 'json', '--output', output, '--silent', '--noTips', '--exitCode', '0'];
    await runTool('jscpd/bin/jscpd', folder, ['--config', join(folder, '.jscpd.json'), ...report]);
    const { statistics, duplicates } = JSON.parse(await readFile(join(output, 'jscpd-report.json'), 'utf8')) as {
      statistics: { total: { sources: number } };
      duplicates: readonly { firstFile: Place; secondFile: Place }[];
    };
    const placeOf = ({ name, start, end }: Place) => `${name}:${start}-${end}`;
    const clones = duplicates.map(({ firstFile, secondFile }) => `${placeOf(firstFile)} = ${placeOf(secondFile)}`);
    return { files: statistics.total.sources, clones };
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/** Makes a folder with configurations of this repository and these files, and removes it afterwards. */
export async function withPlanted<T>(
  configurations: readonly string[],
  files: Readonly<Record<string, string>>,
  task: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'planted-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    for (const path of configurations) await copyFile(join(root, path), join(folder, path));
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
