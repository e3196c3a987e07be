import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and gives what it wrote. One that takes longer than `patience` ms is ended.
 * @throws Error with what it complained of.
 */
export function output(command, args, { patience = 20_000, env } = {}) {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  let written = '';
  let complaints = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (written += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (complaints += text));
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => {
      if (code === 0) done(written);
      else failed(new Error(complaints.trim() || (signal ? 'it took too long' : `it ended with status ${code}`)));
    });
  });
}

/** The version of a `mongod`, which proves that it runs here. @throws Error */
export async function serverVersion(path) {
  const text = await output(path, ['--version']);
  const version = /^db version v(\S+)/m.exec(text)?.[1];
  if (!version) throw new Error('it does not tell a version');
  return version;
}
