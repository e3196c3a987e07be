import { startGateway, createCertificate, createTokenAuthority, type SimulatedGateway } from '../../simulator/index.js';
import { house } from './house.js';
import type { Access, Order, Reply } from './gateways.js';

const host = '127.0.0.1';
const running: SimulatedGateway[] = [];
const clock = { origin: Date.now(), real: Date.now(), scale: 1 };
const now = (): number => clock.origin + (Date.now() - clock.real) * clock.scale;

async function start(count: number): Promise<Access[]> {
  // One key and one authority for all: making 500 of them would only take time.
  const certificate = await createCertificate({ commonName: 'gateway', addresses: [host] });
  const authority = await createTokenAuthority();
  const accesses: Access[] = [];
  for (let index = 0; index < count; index++) {
    const serial = `1226${String(index).padStart(8, '0')}`;
    const gateway = await startGateway({ ...house, host, serial, seed: index, clock: now, certificate, authority });
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
      Object.assign(clock, { origin: order.time, real: Date.now(), scale: order.scale });
      return { accesses: await start(order.count) };
    case 'time':
      Object.assign(clock, { origin: order.time, real: Date.now() });
      return {};
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
