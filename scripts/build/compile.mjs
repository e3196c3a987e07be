import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The TypeScript compiler that the package at `root` uses. */
function compiler(root) {
  return createRequire(join(root, 'package.json')).resolve('typescript/bin/tsc');
}

/**
 * Runs the TypeScript compiler on one project of the package, until `signal` is aborted.
 * @throws Error with the compiler's messages where it finds a mistake.
 */
export function compile(root, options, signal) {
  return new Promise((resolve, reject) => {
    const command = [compiler(root), '--pretty', 'false', ...options];
    const running = spawn(process.execPath, command, { cwd: root, signal });
    let output = '';
    for (const stream of [running.stdout, running.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text) => (output += text));
    }
    running.on('error', reject);
    running.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`tsc ${options.join(' ')} failed:\n${output.trim()}`));
    });
  });
}

/** What the compiler writes for a source: the module and its declarations. */
export function compiledFiles(source) {
  const stem = source.replace(/\.ts$/, '');
  return [`dist/${stem}.js`, `dist/${stem}.d.ts`];
}
