import assert from 'node:assert/strict';
import { ownMongod, withDatabase } from '../../support/mongodb.js';
import { heldTokens, PatientDance } from '../../support/proxy/patient-dance.js';
import { WireClient } from '../../support/proxy/exchange.js';
import { ProxyWorld } from '../../support/proxy-world.js';

describe('e2e: a proxy whose MongoDB server dies and comes back', function () {
  this.timeout(120_000);
  const server = ownMongod();
  let world: ProxyWorld;
  let client: WireClient;

  before(async () => {
    // The driver gives up after a second already, so that the proxy's own patience is what counts.
    const uri = `mongodb://${server().address}/?serverSelectionTimeoutMS=1000`;
    world = await ProxyWorld.start({ store: { mongodb: withDatabase(uri, 'restarts') } });
    client = new WireClient(world.first.server.port);
  });
  after(async () => {
    client.close();
    await world.close();
  });

  function dance(): PatientDance {
    const floor = { client, publicUrl: world.settings.publicUrl, enedis: world.enedis, second: 0 };
    return new PatientDance(floor, 'consumption', world.newAddress());
  }

  /** Asks while the server is dead, and has it come back only then. */
  async function meanwhile<R>(ask: () => Promise<R>): Promise<R> {
    await server().kill();
    const [answer] = await Promise.all([ask(), server().restart()]);
    return answer;
  }

  it('every step of a dance that meets the gap is answered after it', async () => {
    const device = dance();
    const userCode = await device.begin();
    const pending = await meanwhile(() => device.poll());
    assert.equal(pending.json['error'], 'authorization_pending');
    const authorizeUrl = await meanwhile(() => device.enter(userCode));
    const callback = await device.agree(authorizeUrl);
    await meanwhile(() => device.comeBack(callback));
    const first = await meanwhile(() => device.fetchTokens(1));
    const second = await meanwhile(async () => heldTokens(await device.refresh(first)));
    const { status, text } = await meanwhile(() => device.consents(second));
    assert.equal(status, 200, text);
    assert.equal((await device.poll()).json['error'], 'invalid_grant');
  });

  it('says so while it lasts, in its health and to who asks for a code, and goes on by itself', async () => {
    await server().kill();
    const health = await world.get('/health');
    assert.equal(health.status, 503);
    assert.equal(health.json['storage'], 'failed');
    const refusal = await world.form('/device/code', { client_id: 'CID' }, world.newAddress());
    assert.equal(refusal.status, 503);
    assert.equal(refusal.json['error'], 'temporarily_unavailable');
    assert.ok(Number(refusal.headers['retry-after']) >= 1);
    await server().restart();
    assert.match(await dance().begin(), /^[A-Z]{4}-[A-Z]{4}$/);
    assert.equal((await world.get('/health')).status, 200);
  });
});
