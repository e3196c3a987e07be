import { startGateway, createCertificate, createTokenAuthority, type SimulatedGateway } from '../../simulator/index.js';
import { house } from './house.js';
import type { Access, Order, Reply, StartOrder } from './gateways.js';

const host = '127.0.0.1';
/** Gateways this young are soon simulated up to now, ms. */
const age = 3_600_000;
const running: SimulatedGateway[] = [];

async function start({ count, time, scale }: StartOrder): Promise<Access[]> {
  const now = (): number => time + (Date.now() - time) * scale;
  // One key and one authority for all: making 500 of them would only take time.
  const certificate = await createCertificate({ commonName: 'gateway', addresses: [host] });
  const authority = await createTokenAuthority();
  const commissionedAt = now() - age;
  const shared = { ...house, host, clock: now, certificate, authority, commissionedAt };
  const accesses: Access[] = [];
  for (let index = 0; index < count; index++) {
    const serial = `1226${String(index).padStart(8, '0')}`;
    const gateway = await startGateway({ ...shared, serial, seed: index });
    running.push(gateway);
    accesses.push({ host: `${host}:${gateway.port}`, token: await gateway.issueToken() });
  }
  return accesses;
}

/** What was asked since the last time this was asked, oldest first. */
function takePaths(): string[] {
  return running.flatMap(({ log }) => {
    const paths = log.requests.map(({ path, query }) => path + query);
    log.clear();
    return paths;
  });
}

async function follow(order: Order): Promise<Reply> {
  switch (order.what) {
    case 'start':
      return { accesses: await start(order) };
    case 'paths':
      return { paths: takePaths() };
  }
}

process.on('message', (order: Order) => {
  void follow(order).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => {
  void Promise.all(running.map((gateway) => gateway.close())).finally(() => process.exit());
});
