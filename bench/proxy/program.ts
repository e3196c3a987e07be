import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEnedis } from '../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../simulator/enedis/types.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../test/support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProxyProgram } from '../../test/support/proxy/program.js';
import { median } from '../cost/statistics.js';
import type { Load, LoadOrder, LoadResult } from './load.js';
import { measureRounds, type Contestant, type Rounds, type Turns } from './rounds.js';
import { startWorker } from './worker.js';

/** What is measured. */
export interface ProgramPlan extends Rounds {
  /** How often the program is started. */
  readonly starts: number;
}

/** What the program itself costs. */
export interface ProgramCosts {
  /** From the start of the process until it listens, ms: the middle of all starts. */
  readonly start: number;
  /** Resident memory, MiB: when it listens, and after the calls for data; `undefined` where the system does not tell. */
  readonly memory: { readonly listening: number | undefined; readonly worked: number | undefined };
  /** Calls for a few days of consumption, one after the other. */
  readonly data: { readonly direct: Turns; readonly proxied: Turns };
}

/** More than is ever asked here. */
const plenty = '1000000000';
const limits = {
  LIMIT_REQUESTS_PER_MINUTE: plenty,
  LIMIT_DATA_CALLS_PER_DAY: plenty,
  LIMIT_UPSTREAM_PER_SECOND: plenty,
  LIMIT_UPSTREAM_PER_HOUR: plenty,
};

async function residentMemory(pid: number): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB/m.exec(status) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

interface Start {
  readonly program: ProxyProgram;
  readonly port: number;
  readonly milliseconds: number;
}

async function start(enedis: SimulatedEnedis, directory: string): Promise<Start> {
  const begun = performance.now();
  const program = await startProgram({ directory, env: { ...programEnvironment(enedis), ...limits } });
  try {
    return { program, port: await program.port(), milliseconds: performance.now() - begun };
  } catch (error) {
    await program.kill();
    throw error;
  }
}

async function end({ program }: Start): Promise<void> {
  program.signal('SIGTERM');
  await program.ended;
}

function contestant(name: string, port: number, load: Load): Contestant {
  const usage = () => Promise.resolve({ cpu: 0, operations: {} });
  return { name, server: { port, usage, stop: () => Promise.resolve() }, load };
}

/** One consent, one call for data: the same call is then made over and over, through the program and past it. */
async function dataContestants(enedis: SimulatedEnedis, { program, port }: Start): Promise<Contestant[]> {
  const dance = new ProgramDance(enedis);
  const client = await program.client();
  await dance.begin(client);
  await dance.consent(client);
  const { access, usagePoint } = dance.tokens(await dance.poll(client));
  const days = [-9, -6].map((distance) => new Date(Date.now() + distance * 86_400_000).toISOString().slice(0, 10));
  const path =
    `/data/proxy/metering_data_dc/v5/daily_consumption?usage_point_id=${usagePoint}` +
    `&start=${days[0] ?? ''}&end=${days[1] ?? ''}`;
  const proxied: Load = { what: 'get', path, headers: { authorization: `Bearer ${access}` } };
  enedis.requests.clear();
  const answer = await client.send({ method: 'GET', path, headers: proxied.headers });
  const asked = enedis.requests.all.at(-1);
  if (answer.status !== 200 || !asked) throw new Error(`The program gives no data: ${answer.text}`);
  const { authorization = '', accept = '*/*' } = asked.headers;
  const direct: Load = { what: 'get', path: asked.path + asked.query, headers: { authorization, accept } };
  return [contestant('direct', Number(new URL(enedis.url).port), direct), contestant('proxied', port, proxied)];
}

async function measureStarts(enedis: SimulatedEnedis, directory: string, starts: number): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < starts; count++) {
    const started = await start(enedis, directory);
    times.push(started.milliseconds);
    await end(started);
  }
  return median(times);
}

/** Measures the built program with the embedded store, in front of a simulated Enedis in this process. */
export async function measureProgram(plan: ProgramPlan): Promise<ProgramCosts> {
  await builtProgram();
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  const load = startWorker<LoadOrder, LoadResult>('load-process.ts');
  try {
    const time = await measureStarts(enedis, directory, plan.starts);
    const started = await start(enedis, directory);
    try {
      const listening = await residentMemory(started.program.pid);
      const turns = await measureRounds(load, await dataContestants(enedis, started), plan);
      const worked = await residentMemory(started.program.pid);
      const data = { direct: turns.get('direct') ?? [], proxied: turns.get('proxied') ?? [] };
      return { start: time, memory: { listening, worked }, data };
    } finally {
      await end(started);
    }
  } finally {
    await load.stop();
    await enedis.close();
    await rm(directory, { recursive: true, force: true });
  }
}
