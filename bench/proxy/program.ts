import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProgram, startProgram } from '../../test/support/proxy/program.js';
import { median } from '../cost/statistics.js';

/** What the program itself costs. */
export interface ProgramCosts {
  /** From the start of the process until it listens, ms: the middle of all starts. */
  readonly start: number;
  /** Resident memory when it listens, MiB; NaN where the system does not tell. */
  readonly memory: number;
}

/** Nothing is asked of Enedis here. */
const env = { BASE_URL: 'https://linky.test', CLIENT_ID: 'client', CLIENT_SECRET: 'secret' };

async function residentMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB/m.exec(status) ?? [];
  return Number(kilobytes ?? NaN) / 1024;
}

async function measureStart(directory: string): Promise<ProgramCosts> {
  const begun = performance.now();
  const program = await startProgram({ directory, env });
  try {
    await program.port();
    const start = performance.now() - begun;
    return { start, memory: await residentMemory(program.pid) };
  } finally {
    program.signal('SIGTERM');
    await program.ended;
  }
}

/** Starts the built program with the embedded store so many times. */
export async function measureProgram(starts: number): Promise<ProgramCosts> {
  await builtProgram();
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const measured: ProgramCosts[] = [];
    for (let count = 0; count < starts; count++) measured.push(await measureStart(directory));
    return {
      start: median(measured.map(({ start }) => start)),
      memory: median(measured.map(({ memory }) => memory)),
    };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
