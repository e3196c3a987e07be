import assert from 'node:assert/strict';
import { startGateway, type SimulatedGateway } from '../../../simulator/index.js';
import { address, machine, pointer, text } from '../../lib/envoy/discovery/announcements.js';
import { freePort, startResponder, type Responder } from '../../lib/envoy/discovery/responder.js';
import { startNodeRed } from '../../support/node-red.js';
import { ask } from '../envoy/conversation.js';
import { ids } from '../envoy/flow.js';
import { Scene } from '../envoy/scene.js';

const route = '/envoy-gateway/search';

/** What a gateway announces of itself. */
function announcement(label: string, { serial, host, port }: SimulatedGateway) {
  return [pointer(label), machine(label, `${label}.local`, port), text(label, serial), address(host, `${label}.local`)];
}

describe('the search for gateways', () => {
  let scene: Scene;
  let other: SimulatedGateway;
  let moved: SimulatedGateway;
  let responder: Responder;
  let announced: readonly SimulatedGateway[];

  before(async () => {
    const port = await freePort();
    const envoyGatewaySearch = { interfaces: ['127.0.0.1'], port };
    scene = await Scene.set({ nodeRed: { settings: { envoyGatewaySearch } } });
    [other, moved] = await Promise.all([
      startGateway({ serial: '122600000099', firmware: '7.6.175' }),
      startGateway({ serial: scene.gateway.serial, host: '127.0.0.2' }),
    ]);
    responder = await startResponder(
      (self) => self.announce(announced.flatMap((gateway, index) => announcement(`envoy-${index}`, gateway))),
      { port },
    );
    await scene.start();
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
  });
  after(async () => {
    await responder.close();
    await Promise.all([other.close(), moved.close()]);
    await scene.end();
  });

  it('lists them with address, firmware and masked serial number, and marks the one in use', async () => {
    announced = [scene.gateway, other];
    const { status, body } = await scene.nodeRed.admin('POST', route, { id: ids.gateway });
    assert.equal(status, 200, JSON.stringify(body));
    const places = announced.map(({ host, port }) => `${host}:${port}`);
    const [own, foreign] = announced.map(({ host, firmware }) => ({ addresses: [host], firmware, moved: false }));
    assert.deepEqual((body as { gateways: unknown }).gateways, [
      { ...own, serial: '…0042', host: places[0], name: 'envoy-0', current: true },
      { ...foreign, serial: '…0099', host: places[1], name: 'envoy-1', current: false },
    ]);
    const asked = [...other.log.requests, ...moved.log.requests];
    assert.ok(asked.every(({ path, authentication }) => path === '/info' && authentication === 'none'));
  });

  it('offers the gateway in use at its new address, and goes on reading the old one', async () => {
    announced = [moved];
    const { body } = await scene.nodeRed.admin('POST', route, { id: ids.gateway });
    const { gateways } = body as { gateways: Readonly<Record<string, unknown>>[] };
    assert.deepEqual(
      gateways.map(({ host, current, moved: isMoved }) => ({ host, current, moved: isMoved })),
      [{ host: `127.0.0.2:${moved.port}`, current: false, moved: true }],
    );
    const { payload } = await ask(scene.nodeRed);
    assert.equal((payload['gateway'] as { host: string }).host, `${scene.gateway.host}:${scene.gateway.port}`);
  });

  it('says what is wrong with its settings instead of searching elsewhere', async () => {
    for (const envoyGatewaySearch of [{ interfaces: '127.0.0.1' }, { interfaces: ['eth0'] }]) {
      const nodeRed = await startNodeRed({ settings: { envoyGatewaySearch } });
      const { status, body } = await nodeRed.admin('POST', route, {});
      await nodeRed.stop();
      assert.equal(status, 400);
      assert.match((body as { error: string }).error, /addresses/);
    }
  });
});
