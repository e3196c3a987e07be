import assert from 'node:assert/strict';
import { ids } from '../envoy/flow.js';
import { owner, Scene } from '../envoy/scene.js';
import { ExampleRun, gatewayWith } from './example-run.js';

const example = '07 - Alert before a token needs a person';
const day = 86_400;

describe('the example of an alert', function () {
  this.timeout(120_000);
  let scene: Scene;
  let run: ExampleRun;

  before(async () => {
    scene = await Scene.set();
    await scene.start([]);
    run = await ExampleRun.open(scene.nodeRed);
  });
  after(async () => {
    run.close();
    await scene.end();
  });

  /** Deploys with these credentials, and with an hour that is over at once. */
  async function deploy(credentials: Readonly<Record<string, string>>): Promise<void> {
    const person = { id: 'person', type: 'test-input', z: 'envoy-07', x: 40, y: 600, wires: [['envoy-07-read']] };
    const config = [gatewayWith(scene, credentials), person];
    await run.deploy(example, {
      config,
      chosen: { 'envoy-read': { gateway: ids.gateway } },
      changed: { 'envoy-07-hour': { duration: '200', units: 'ms' } },
    });
  }

  /** Reads until there is an alert: a renewal goes on beside the readings. */
  async function untilTold(): Promise<string> {
    for (;;) {
      const [told] = run.all('envoy-07-alert');
      if (typeof told === 'string') return told;
      await run.press('envoy-07-read');
      await run.shown('envoy-07-data');
    }
  }

  const alert = async () => String(await run.shown('envoy-07-alert'));

  it('07: says nothing where the account renews its tokens', async () => {
    await deploy(owner);
    await run.press('envoy-07-read');
    await run.shown('envoy-07-data');
    assert.deepEqual(run.all('envoy-07-alert'), []);
  });

  it('07: tells of a renewal that needs a person, while readings go on with the token in hand', async () => {
    const token = await scene.gateway.issueToken({ ttl: 12.5 * day, username: 'late@example.com' });
    scene.cloud.addAccount({
      email: 'late@example.com',
      password: 'right',
      serials: [scene.gateway.serial],
      mfa: true,
    });
    await deploy({ username: 'late@example.com', password: 'right', token });
    await run.press('envoy-07-read');
    await run.shown('envoy-07-data');
    assert.match(await untilTold(), /^Envoy needs a new token: .*multi-factor/);
    await run.press('envoy-07-read');
    assert.ok('production' in ((await run.shown('envoy-07-data')) as object));
  });

  it('07: counts the days of a token that was given by hand and that nobody renews', async () => {
    await deploy({ token: await scene.gateway.issueToken({ ttl: 12.5 * day }) });
    await run.press('envoy-07-read');
    assert.equal(
      await alert(),
      'The token of Envoy ends soon: token 12 d. Get a new one and paste it into the dialog of the gateway.',
    );
    assert.ok('production' in ((await run.shown('envoy-07-data')) as object));
  });

  it('07: tells what is wrong once, and again when it comes back after data', async () => {
    await deploy({ token: await scene.gateway.issueToken() });
    const from = run.all('envoy-07-alert').length;
    const told = () => run.all('envoy-07-alert').slice(from);
    for (let times = 1; times <= 2; times++) {
      scene.gateway.switches.rejectTokens = true;
      await run.press('envoy-07-read');
      assert.match(await alert(), /^Envoy needs a new token/);
      await run.press('envoy-07-read');
      scene.gateway.switches.rejectTokens = false;
      scene.nodeRed.send('person', { topic: 'reauthenticate' });
      await run.shown('envoy-07-data');
      assert.equal(told().length, times, JSON.stringify(told()));
    }
  });

  it('07: tells account, cloud, gateway and failures apart', async () => {
    scene.gateway.switches.rejectTokens = true;
    await deploy({ username: 'other@example.com', password: 'unknown' });
    await run.press('envoy-07-read');
    assert.match(await alert(), /^Envoy cannot sign in: Correct the user and the password/);

    scene.cloud.switches.down = true;
    await deploy(owner);
    await run.press('envoy-07-read');
    assert.match(String(await run.shown('envoy-07-note')), /^Envoy waits for the cloud/);
    scene.cloud.switches.down = false;
    scene.gateway.switches.rejectTokens = false;

    await scene.gateway.setCertificate();
    await deploy(owner);
    await run.press('envoy-07-read');
    assert.match(await alert(), /^Envoy: .*certificate/i);

    await scene.gateway.powerOff();
    await deploy(owner);
    await run.press('envoy-07-read');
    await run.shown('envoy-07-failure');
    run.assertAllShown();
  });
});
