import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, describe, it } from 'mocha';
import { discoverGateways, type DiscoveryOptions } from '../../../../lib/envoy/discovery/discover.js';
import { EnergyError } from '../../../../lib/errors.js';
import {
  address,
  gateway,
  machine,
  otherSerial,
  pointer,
  serial,
  service,
  text,
  type Announced,
} from './announcements.js';
import { freePort, startResponder, type Responder } from './responder.js';

const everything = gateway('envoy', serial, '127.0.0.20');
const local = { interfaces: ['127.0.0.1'], loopback: true } as const;

describe('discovery: a search with real responders', () => {
  const running: Responder[] = [];
  const start = async (...values: Parameters<typeof startResponder>) => {
    const responder = await startResponder(...values);
    running.push(responder);
    return responder;
  };
  afterEach(async () => {
    await Promise.all(running.splice(0).map((responder) => responder.close()));
  });
  const search = ({ port }: { port: number }, options: DiscoveryOptions = {}) =>
    discoverGateways({ ...local, port, timeout: 1500, ...options });

  it('finds a gateway that answers at once, twice and again', async () => {
    const responder = await start((self) => {
      self.announce(everything.slice(0, 1), everything.slice(1));
      self.announce(everything);
    });
    assert.deepEqual(await search(responder), [
      { serial, host: '127.0.0.20', addresses: ['127.0.0.20'], protocolVersion: '8.3.5286', name: 'envoy' },
    ]);
    const asked = responder.heard.flatMap(({ questions }) => questions);
    assert.deepEqual(asked, [`PTR ${service}`, `PTR ${service}`], 'nothing that was known is asked for');
  });

  it('finds a gateway that answers the second question only', async () => {
    const responder = await start((self, query) => {
      if (query === 2) self.announce(everything);
    });
    assert.deepEqual(
      (await search(responder)).map((found) => found.host),
      ['127.0.0.20'],
    );
  });

  it('asks for every part that an answer lacks', async () => {
    const parts = new Map<string, Announced>([
      [`PTR ${service}`, pointer()],
      [`SRV envoy.${service}`, machine('envoy', 'envoy.local', 8443)],
      [`TXT envoy.${service}`, text()],
      ['A envoy.local', address('127.0.0.20')],
    ]);
    const responder = await start((self, _query, questions) => {
      for (const question of questions) {
        const part = parts.get(question);
        if (part) self.announce([part]);
      }
    });
    assert.deepEqual(
      (await search(responder)).map((found) => found.host),
      ['127.0.0.20:8443'],
    );
  });

  it('tells gateways from other services and from each other', async () => {
    const first = await start((self) => {
      self.announce(JSON.parse(JSON.stringify(everything).replaceAll('_enphase-envoy', '_http')) as Announced[]);
      self.announce(gateway('envoy-2', otherSerial, '127.0.0.21'));
    });
    await start((self) => self.announce(everything), { port: first.port });
    const found = await search(first);
    assert.deepEqual(
      found.map((each) => [each.serial, each.host]),
      [
        [serial, '127.0.0.20'],
        [otherSerial, '127.0.0.21'],
      ],
    );
  });

  it('survives packets that are broken or meant to break it', async () => {
    const header = (answers: number) => [0, 0, 0x84, 0, 0, 0, 0, answers, 0, 0, 0, 0];
    const responder = await start((self) => {
      self.sendRaw(Buffer.from([]));
      self.sendRaw(Buffer.from(header(9)));
      self.sendRaw(Buffer.from([...header(1), 0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12]));
      self.sendRaw(Buffer.from(Array.from({ length: 400 }, (_, index) => (index * 7919) % 256)));
      self.announce([{ ...pointer(), data: `${'é'.repeat(31)}.a b.${service}` }]);
      self.announce([
        { ...machine(), data: { target: 'x', port: 0 } },
        { ...text(), data: ['='] },
      ]);
      self.announce(gateway('envoy-2', serial, '127.0.0.20'));
    });
    assert.deepEqual(
      (await search(responder)).map((found) => found.host),
      ['127.0.0.20'],
    );
  });

  it('does not listen to answers from another port than that of the responders', async () => {
    const port = await freePort();
    const impostor = await start(() => undefined, { port, localPort: await freePort() });
    await start(
      (self) => {
        impostor.announce(gateway('envoy-2', otherSerial, '127.0.0.66'));
        self.announce(everything);
      },
      { port },
    );
    assert.deepEqual(
      (await search(impostor)).map((found) => found.serial),
      [serial],
    );
  });

  it('shares the port with the mDNS service of the system', async () => {
    const responder = await start((self) => self.announce(everything));
    await start(() => undefined, { port: responder.port });
    assert.equal((await search(responder)).length, 1);
    assert.ok(responder.heard.every(({ shared }) => shared));
  });

  it('asks from another port where the system keeps the usual one to itself', async () => {
    const responder = await start((self) => self.announce(everything), { shared: false });
    assert.equal((await search(responder)).length, 1);
    assert.ok(responder.heard.every(({ shared }) => !shared));
  });

  it('leaves out gateways on this machine unless they are asked for', async () => {
    const responder = await start((self) => self.announce(gateway('envoy', serial, '127.0.0.20', '10.0.0.20')));
    const [found] = await search(responder, { loopback: false });
    assert.deepEqual(found?.addresses, ['10.0.0.20']);
  });
});

describe('discovery: a search that cannot be', () => {
  it('finds nothing without any network', async () => {
    assert.deepEqual(await discoverGateways({ interfaces: [] }), []);
  });

  it('finds nothing on a network that is gone', async () => {
    assert.deepEqual(await discoverGateways({ interfaces: ['192.0.2.254'], port: await freePort(), timeout: 200 }), []);
  });

  it('finds nothing where nobody answers', async () => {
    assert.deepEqual(await discoverGateways({ ...local, port: await freePort(), timeout: 200 }), []);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    const responder = await startResponder(() => stop.abort());
    try {
      const ended = discoverGateways({ ...local, port: responder.port, timeout: 60_000, signal: stop.signal });
      await assert.rejects(ended, (error) => error instanceof EnergyError && error.code === 'closed');
      await assert.rejects(discoverGateways({ ...local, signal: stop.signal }), { code: 'closed' });
    } finally {
      await responder.close();
    }
  });

  it('says which option is of no use', async () => {
    const cases: readonly [DiscoveryOptions, string][] = [
      [{ timeout: Number.NaN }, 'timeout'],
      [{ timeout: -1 }, 'timeout'],
      [{ interfaces: ['eth0'] }, 'interfaces'],
      [{ port: 0 }, 'port'],
    ];
    for (const [options, field] of cases) {
      await assert.rejects(
        discoverGateways(options),
        (error) =>
          error instanceof EnergyError && error.code === 'invalid_argument' && error.parameters['field'] === field,
      );
    }
  });

  it('leaves nothing open, so that the process can end, and loads the mDNS library only when it searches', async () => {
    const responder = await startResponder((self) => self.announce(everything));
    const options = JSON.stringify({ ...local, port: responder.port, timeout: 500 });
    const script = `
      import { createRequire } from 'node:module';
      import { discoverGateways } from ${JSON.stringify(new URL('../../../../lib/envoy/discovery/discover.ts', import.meta.url).href)};
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('multicast-dns'));
      const before = loaded();
      const found = await discoverGateways(${options});
      const reply = { before, after: loaded(), serials: found.map(({ serial }) => serial) };
      process.once('beforeExit', () => console.log(JSON.stringify(reply)));
    `;
    try {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
        timeout: 30_000,
      });
      const [output, exit] = await Promise.all([textOf(child.stdout), once(child, 'exit')]);
      assert.deepEqual(JSON.parse(output), { before: false, after: true, serials: [serial] });
      assert.deepEqual(exit, [0, null]);
    } finally {
      await responder.close();
    }
  });
});
