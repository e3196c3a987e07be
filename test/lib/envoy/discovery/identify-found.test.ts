import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { startGateway } from '../../../../simulator/index.js';
import { identify } from '../../../../lib/envoy/identify.js';
import { discoverGateways } from '../../../../lib/envoy/discovery/discover.js';
import type { FoundGateway } from '../../../../lib/envoy/discovery/found-gateway.js';
import { identifyFound, type Identify } from '../../../../lib/envoy/discovery/identify-found.js';
import { Transport } from '../../../../lib/http/transport.js';
import { address, machine, otherSerial, pointer, serial, text } from './announcements.js';
import { startResponder } from './responder.js';

const limits = { each: 5000, all: 30_000 };
const firmware = '8.3.5286';
const never = new AbortController().signal;

const at = (number: string, ...addresses: string[]): FoundGateway => ({
  serial: number,
  host: addresses[0] ?? '',
  addresses,
});

describe('discovery: the firmware of what was found', () => {
  it('asks one host at a time, and goes on where one fails', async () => {
    let running = 0;
    const most: number[] = [];
    const ask: Identify = async (host) => {
      most.push(++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (host === '10.0.0.1') throw new Error('not there');
      return { serial: otherSerial, firmware };
    };
    const found = [at(serial, '10.0.0.1'), at(otherSerial, '10.0.0.2')];
    assert.deepEqual(await identifyFound(found, ask, limits, never), [found[0], { ...found[1], firmware }]);
    assert.deepEqual(most, [1, 1]);
  });

  it('prefers the address at which the gateway answers', async () => {
    const ask: Identify = (host) =>
      host === '10.0.0.2:8443' ? Promise.resolve({ serial, firmware }) : Promise.reject(new Error('not there'));
    const found = { ...at(serial, '10.0.0.1', '10.0.0.2'), host: '10.0.0.1:8443' };
    const [gateway] = await identifyFound([found], ask, limits, never);
    assert.deepEqual(gateway, { ...found, host: '10.0.0.2:8443', firmware });
  });

  it('does not believe an announcement that the gateway contradicts', async () => {
    const found = [at(serial, '10.0.0.1')];
    const ask: Identify = () => Promise.resolve({ serial: otherSerial, firmware });
    assert.deepEqual(await identifyFound(found, ask, limits, never), found);
  });

  it('does not wait for a host that never answers', async () => {
    const told: boolean[] = [];
    const ask: Identify = (_host, signal) => {
      signal.addEventListener('abort', () => told.push(true));
      return new Promise(() => undefined);
    };
    const found = [at(serial, '10.0.0.1'), at(otherSerial, '10.0.0.2')];
    assert.deepEqual(await identifyFound(found, ask, { each: 20, all: 30_000 }, never), found);
    assert.deepEqual(told, [true, true]);
    assert.deepEqual(await identifyFound(found, ask, { each: 30_000, all: 20 }, never), found);
  });
});

describe('discovery: from the announcement to the firmware', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  it('shows the firmware of a simulated gateway', async () => {
    const gateway = await startGateway({ serial });
    closing.push(() => gateway.close());
    const transport = new Transport({ mode: 'insecure' });
    closing.push(() => transport.close());
    const records = [pointer(), machine('envoy', 'envoy.local', gateway.port), text(), address(gateway.host)];
    const responder = await startResponder((self) => self.announce(records));
    closing.push(() => responder.close());
    const found = await discoverGateways({
      interfaces: ['127.0.0.1'],
      loopback: true,
      port: responder.port,
      timeout: 500,
      identify: (host) => identify(transport, host, 5000),
    });
    assert.deepEqual(
      found.map(({ host, firmware: version }) => [host, version]),
      [[`${gateway.host}:${gateway.port}`, gateway.firmware]],
    );
  });

  it('ends while a gateway is asked', async () => {
    const stop = new AbortController();
    const responder = await startResponder((self) =>
      self.announce([pointer(), machine(), text(), address('127.0.0.20')]),
    );
    closing.push(() => responder.close());
    const ended = discoverGateways({
      interfaces: ['127.0.0.1'],
      loopback: true,
      port: responder.port,
      timeout: 300,
      signal: stop.signal,
      identify: () => {
        stop.abort();
        return new Promise(() => undefined);
      },
    });
    await assert.rejects(ended, { code: 'closed' });
  });
});
