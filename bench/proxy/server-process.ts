import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MongoClient } from 'mongodb';
import { createMetrics } from '../../lib/proxy/metrics.js';
import { deviceGrants } from '../../lib/proxy/records/kinds.js';
import { startProxyService } from '../../lib/proxy/service.js';
import { settingsFromEnvironment } from '../../lib/proxy/settings/environment.js';
import type { ProxySettings } from '../../lib/proxy/settings/settings.js';
import type { RecordDocument } from '../../lib/store/records/mongodb-documents.js';
import { proxyKeys, proxySettings } from '../../test/support/proxy-settings.js';
import { cpuTime } from '../cost/statistics.js';
import type { ServerOrder, ServerReply } from './servers.js';
import { serveOrders } from './worker.js';

const host = '127.0.0.1';
const operations: Record<string, number> = {};
let port = 0;
let stop = (): Promise<void> => Promise.resolve();

const manyTimes = 1_000_000;

function settingsOf(environment: Readonly<Record<string, string>> | undefined): ProxySettings {
  if (!environment) return proxySettings();
  const { proxy } = settingsFromEnvironment(environment);
  const raised = { requestsPerMinute: manyTimes, dataCallsPerDay: manyTimes };
  const upstream = { upstreamPerSecond: manyTimes, upstreamPerHour: manyTimes };
  return { ...proxy, limits: { ...proxy.limits, ...raised, ...upstream } };
}

/** As the program starts it, figures and log included; only the clock differs. */
async function startProxy({ store, scale, environment }: ServerOrder & { what: 'proxy' }): Promise<void> {
  const start = Date.now();
  const metrics = await createMetrics();
  const service = await startProxyService({
    proxy: settingsOf(environment),
    store,
    keys: proxyKeys,
    host,
    port: 0,
    now: () => start + (Date.now() - start) * scale,
    log: () => undefined,
    metrics: {
      ...metrics,
      store(operation, seconds, failed) {
        operations[operation] = (operations[operation] ?? 0) + 1;
        metrics.store(operation, seconds, failed);
      },
    },
  });
  port = Number(new URL(service.address).port);
  stop = () => service.stop(0);
}

/** `GET /<id of a grant>`: as little as a server with a database can do. */
async function startBare({ uri }: ServerOrder & { what: 'bare' }): Promise<void> {
  const client = new MongoClient(uri);
  const grants = client.db().collection<RecordDocument>(deviceGrants.name);
  const server = createServer((request, reply) => {
    void grants.findOne({ _id: (request.url ?? '').slice(1) }).then((found) => {
      const body = JSON.stringify({ version: found?.version });
      reply.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      reply.end(body);
    });
  });
  await client.connect();
  server.listen(0, host);
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
  stop = async () => {
    server.closeAllConnections();
    await client.close();
  };
}

async function follow(order: ServerOrder): Promise<ServerReply> {
  if (order.what === 'proxy') await startProxy(order);
  else if (order.what === 'bare') await startBare(order);
  return { port, usage: { cpu: cpuTime(), operations } };
}

serveOrders(follow, () => stop());
