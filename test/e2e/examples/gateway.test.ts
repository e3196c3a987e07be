import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ids } from '../envoy/flow.js';
import { owner, Scene } from '../envoy/scene.js';
import { ExampleRun, gatewayWith, type Entered } from './example-run.js';

type Members = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** One for each example: after three rejections in a day no more logins are tried. */
const stranger = (example: string) => ({ username: `stranger-${example}@example.com`, password: 'unknown' });
const signIn = /^Correct the user and the password/;

describe('the examples, with a gateway', function () {
  this.timeout(120_000);
  const env: Record<string, string> = {};
  let scene: Scene;
  let run: ExampleRun;

  before(async () => {
    scene = await Scene.set({ gateway: { batteries: { count: 2 }, systemController: true }, nodeRed: { env } });
    env['ENVOY_TOKEN'] = await scene.gateway.issueToken();
  });
  beforeEach(async () => {
    await scene.start([]);
    run = await ExampleRun.open(scene.nodeRed);
  });
  afterEach(async () => {
    run.close();
    await scene.nodeRed.stop();
  });
  after(() => scene.end());

  /** The gateway of the scene, chosen in every node, with an account. */
  function gateway(credentials: Readonly<Record<string, string>> = owner, changed: Entered['changed'] = {}): Entered {
    const config = [gatewayWith(scene, credentials)];
    const chosen = { gateway: ids.gateway };
    return { config, chosen: { 'envoy-read': chosen, 'envoy-control': chosen }, changed };
  }

  /** The gateway restarts: it answers, but not with data. */
  async function whileBooting(act: () => Promise<void>): Promise<void> {
    scene.gateway.boot();
    try {
      await act();
    } finally {
      scene.gateway.booted();
    }
  }

  it('02: tells a problem once, signs in anew by a button, and tells it again when it comes back', async () => {
    const renamed = 'a-new-password';
    await run.deploy('02 - Re-authenticate', gateway({ ...owner, password: renamed }));
    await run.press('envoy-02-probe');
    const { code, action } = (await run.shown('envoy-02-error')) as Record<string, string>;
    assert.equal(code, 'credentials_rejected');
    assert.match(String(action), signIn);
    await run.press('envoy-02-probe');
    await run.press('envoy-02-read');

    scene.cloud.setPassword(owner.username, renamed);
    scene.gateway.configure({ consumption: 'none' });
    await run.press('envoy-02-reauthenticate');
    assert.ok(!('consumption' in ((await run.shown('envoy-02-data')) as Members)));
    assert.equal(run.all('envoy-02-error').length, 1, 'the same problem was told twice');

    scene.gateway.configure({ consumption: 'net' });
    await run.press('envoy-02-probe');
    assert.ok('consumption' in ((await run.shown('envoy-02-data')) as Members));
    await whileBooting(async () => {
      await run.press('envoy-02-read');
      assert.match(String(await run.shown('envoy-02-failure')), /503|starting/);
    });

    for (let times = 0; times < 2; times++) {
      scene.gateway.switches.rejectTokens = true;
      await run.press('envoy-02-read');
      assert.equal(((await run.shown('envoy-02-error')) as Record<string, string>)['code'], 'token_rejected');
      scene.gateway.switches.rejectTokens = false;
      await run.press('envoy-02-reauthenticate');
      await run.shown('envoy-02-data');
    }
    scene.cloud.setPassword(owner.username, owner.password);
    run.assertAllShown();
  });

  it('01: reads everything, picks out the powers, and says what is wrong', async () => {
    await run.deploy('01 - Read production', gateway());
    await run.press('envoy-01-now');
    const all = (await run.shown('envoy-01-all')) as Members;
    assert.ok(Number(all['production']?.['wattsNow']) > 0);
    assert.deepEqual(await run.shown('envoy-01-watts'), {
      production: all['production']?.['wattsNow'],
      consumption: all['consumption']?.['wattsNow'],
      net: all['netConsumption']?.['wattsNow'],
    });
    await whileBooting(async () => {
      await run.press('envoy-01-now');
      assert.match(String(await run.shown('envoy-01-failure')), /503|starting/);
    });
    await run.deploy('01 - Read production', gateway(stranger('01')));
    await run.press('envoy-01-now');
    assert.match(String(await run.shown('envoy-01-problem')), signIn);
    run.assertAllShown();
  });

  it('04: changes what is ticked, shows the state read back, and looks again later', async () => {
    const soon = { 'envoy-04-later': { timeout: '1', timeoutUnits: 'seconds' } };
    await run.deploy('04 - Control with read-back', gateway(owner, soon));
    await run.press('envoy-04-backup');
    const state = (await run.shown('envoy-04-done')) as { tariff: { storageSettings: { mode: string } } };
    assert.equal(state.tariff.storageSettings.mode, 'backup');
    assert.equal(scene.gateway.truth().operation.mode, 'backup');
    assert.equal(((await run.shown('envoy-04-settings')) as Record<string, unknown>)['mode'], 'backup');
    await run.press('envoy-04-self');
    await run.shown('envoy-04-done');
    assert.equal(scene.gateway.truth().operation.mode, 'self-consumption');

    scene.gateway.switches.ignoreWrites = true;
    await run.press('envoy-04-backup');
    const { confirmed, warnings } = (await run.shown('envoy-04-open', 60_000)) as {
      confirmed: boolean;
      warnings: { code: string }[];
    };
    assert.equal(confirmed, false);
    assert.ok(warnings.some(({ code }) => code === 'cloud_may_restore'));
    scene.gateway.switches.ignoreWrites = false;
    await whileBooting(async () => {
      await run.press('envoy-04-reserve');
      assert.equal(((await run.shown('envoy-04-failure')) as Record<string, unknown>)['code'], 'gateway_busy');
    });
    await run.deploy('04 - Control with read-back', gateway(stranger('04')));
    await run.press('envoy-04-reserve');
    assert.match(String(await run.shown('envoy-04-problem')), signIn);
    await run.press('envoy-04-read');
    assert.match(String(await run.shown('envoy-04-unread')), signIn);
    run.assertAllShown();
  });

  it('05: tells live messages from readings, and works out the surplus', async () => {
    await run.deploy('05 - Live readings', gateway());
    assert.match(String(await run.shown('envoy-05-live')), /^\d+/);
    assert.ok(Number(await run.shown('envoy-05-watts')) >= 0);
    const { production, inverters } = (await run.shown('envoy-05-reading')) as Members;
    assert.ok(production && !inverters);
    await whileBooting(async () => {
      await run.press('envoy-05-read');
      assert.match(String(await run.shown('envoy-05-failure')), /503|starting/);
    });
    await run.deploy('05 - Live readings', gateway(stranger('05')));
    assert.match(String(await run.shown('envoy-05-problem')), signIn);
    run.assertAllShown();
  });

  it('06: writes a bundle in which the gateway cannot be recognised', async () => {
    await run.deploy('06 - Diagnostics for a bug report', gateway());
    await run.press('envoy-06-collect');
    assert.equal(await run.shown('envoy-06-written', 60_000), 'envoy-diagnostics.json');
    assert.equal(((await run.shown('envoy-06-bundle')) as Record<string, unknown>)['redacted'], true);
    const file = join(scene.userDir, 'envoy-diagnostics.json');
    const text = readFileSync(file, 'utf8');
    assert.equal((JSON.parse(text) as { redacted: boolean }).redacted, true);
    for (const secret of [scene.gateway.serial, owner.username, owner.password]) assert.ok(!text.includes(secret));
    rmSync(file);
    mkdirSync(file);
    await run.press('envoy-06-collect');
    assert.match(String(await run.shown('envoy-06-failure', 60_000)), /EISDIR/);
    await run.deploy('06 - Diagnostics for a bug report', gateway(stranger('06')));
    await run.press('envoy-06-read');
    assert.match(String(await run.shown('envoy-06-problem')), signIn);
    run.assertAllShown();
  });

  // The last one: the token that it gives works with any account.
  it('03: takes a token from the environment, and says where the gateway does not', async () => {
    await run.deploy('03 - Set a token', gateway({}));
    scene.gateway.switches.rejectTokens = true;
    await run.press('envoy-03-token');
    assert.equal(((await run.shown('envoy-03-problem')) as Record<string, string>)['code'], 'token_rejected');
    scene.gateway.switches.rejectTokens = false;
    await run.press('envoy-03-token');
    assert.ok(Number(((await run.shown('envoy-03-data')) as Members)['production']?.['wattsNow']) > 0);
    await whileBooting(async () => {
      await run.press('envoy-03-token');
      assert.match(String(await run.shown('envoy-03-failure')), /503|starting/);
    });
    run.assertAllShown();
  });
});
