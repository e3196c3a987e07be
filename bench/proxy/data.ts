import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEnedis } from '../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../simulator/enedis/types.js';
import { WireClient } from '../../test/support/proxy/exchange.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../test/support/proxy/program-dance.js';
import type { Load, LoadOrder, LoadResult } from './load.js';
import { measureRounds, type Contestant, type Rounds, type Turns } from './rounds.js';
import { startBenchServer, type BenchServer } from './servers.js';
import { startWorker } from './worker.js';

/** What a call for data costs, through the proxy and past it. */
export interface DataCosts {
  readonly direct: Turns;
  readonly proxied: Turns;
}

function dataPath(usagePoint: string): string {
  const [start = '', end = ''] = [-9, -6].map((distance) =>
    new Date(Date.now() + distance * 86_400_000).toISOString().slice(0, 10),
  );
  return `/data/proxy/metering_data_dc/v5/daily_consumption?usage_point_id=${usagePoint}&start=${start}&end=${end}`;
}

async function proxiedLoad(enedis: SimulatedEnedis, client: WireClient): Promise<Load & { what: 'get' }> {
  const dance = new ProgramDance(enedis);
  await dance.begin(client);
  await dance.consent(client);
  const { access, usagePoint } = dance.tokens(await dance.poll(client));
  return { what: 'get', path: dataPath(usagePoint), headers: { authorization: `Bearer ${access}` } };
}

/** The request that the proxy made last of Enedis. */
function directLoad({ requests }: SimulatedEnedis): Load {
  const asked = requests.all.at(-1);
  if (!asked) throw new Error('Enedis was not asked.');
  const { authorization = '', accept = '*/*' } = asked.headers;
  return { what: 'get', path: asked.path + asked.query, headers: { authorization, accept } };
}

/** One consent, one call for data, which is then made over and over. */
async function contestants(enedis: SimulatedEnedis, server: BenchServer): Promise<Contestant[]> {
  const client = new WireClient(server.port);
  try {
    const proxied = await proxiedLoad(enedis, client);
    const { status, text } = await client.send({ method: 'GET', path: proxied.path, headers: proxied.headers });
    if (status !== 200) throw new Error(`The proxy gives no data: ${text}`);
    const usage = () => Promise.resolve({ cpu: 0, operations: {} });
    const itself = { port: Number(new URL(enedis.url).port), usage, stop: () => Promise.resolve() };
    return [
      { name: 'direct', server: itself, load: directLoad(enedis) },
      { name: 'proxied', server, load: proxied },
    ];
  } finally {
    client.close();
  }
}

/** Measures calls for data with the embedded store, in front of a simulated Enedis in this process. */
export async function measureData(rounds: Rounds): Promise<DataCosts> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  const load = startWorker<LoadOrder, LoadResult>('load-process.ts');
  let server: BenchServer | undefined;
  try {
    const environment = programEnvironment(enedis);
    server = await startBenchServer({ what: 'proxy', store: { kind: 'embedded', directory }, scale: 1, environment });
    const turns = await measureRounds(load, await contestants(enedis, server), rounds);
    return { direct: turns.get('direct') ?? [], proxied: turns.get('proxied') ?? [] };
  } finally {
    await Promise.all([load.stop(), server?.stop()]);
    await enedis.close();
    await rm(directory, { recursive: true, force: true });
  }
}
