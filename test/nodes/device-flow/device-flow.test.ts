import assert from 'node:assert/strict';
import { AccountFlow, answer, type Fields } from '../../support/account-flow.js';
import { freshDirectory } from '../../support/directory.js';
import { helper } from '../../support/node-test-helper.js';
import { runningClock } from '../../support/proxy/clock.js';
import { ProxyWorld } from '../../support/proxy-world.js';

/** Devices may ask once a second. */
const quick = { limits: { requestsPerMinute: 60 } } as const;

describe('device-flow', function () {
  this.timeout(30_000);
  const userDir = freshDirectory();
  let world: ProxyWorld;
  let flow: AccountFlow;
  let stopClock: (() => void) | undefined;

  async function open(settings: Fields = {}): Promise<void> {
    world = await ProxyWorld.start({ settings: { ...quick, ...settings }, start: Date.now() });
    stopClock = runningClock(world.clock, 1);
  }

  beforeEach(() => {
    flow = new AccountFlow();
    helper.settings({ userDir: userDir() });
  });
  afterEach(async () => {
    await flow.stop();
    stopClock?.();
    await world.close();
  });

  /** Hashes and codes that the proxy gave: none of them may be seen by anybody. */
  async function noSecrets(): Promise<void> {
    const tokens = flow.RED.nodes.getNode('account') as unknown as {
      openAccount(): Promise<{ tokens(): Promise<{ accessToken: string; refreshToken?: string }> }>;
    };
    const { accessToken, refreshToken } = await (await tokens.openAccount()).tokens();
    const admin = await Promise.all(
      ['/device-flow/flow', '/enedis-account/state/account'].map((path) => flow.admin('GET', path)),
    );
    const seen = flow.visible() + JSON.stringify(admin);
    for (const secret of [accessToken, refreshToken]) assert.ok(secret && !seen.includes(secret));
  }

  it('from the prompt over the consent to the outcome', async () => {
    await open();
    await flow.start(world);
    await flow.status('status.unlinked');
    flow.send({ from: 'a person' });
    const { topic, payload, from } = await flow.message('prompt');
    assert.deepEqual([topic, from], ['enedis/account/prompt', 'a person']);
    assert.deepEqual(Object.keys(payload).sort(), [
      'expiresAt',
      'interval',
      'qr',
      'state',
      'userCode',
      'verificationUri',
      'verificationUriComplete',
    ]);
    assert.equal(payload['state'], 'pending');
    const code = String(payload['userCode']);
    assert.match(code, /^[A-Z]{4}-[A-Z]{4}$/);
    assert.match(String(payload['qr']), /^data:image\/svg\+xml;base64,/);
    assert.equal(payload['verificationUri'], 'https://p.test/device');
    await flow.status(`status.waiting.minutes {"code":"${code}","left":5}`);
    await answer(world, code, true);
    const { topic: outcome, payload: linked } = await flow.message('outcome');
    assert.equal(outcome, 'enedis/account/authorized');
    assert.equal(linked['state'], 'authorized');
    assert.match(String(linked['usagePoints']), /^\d{14}$/);
    assert.ok(Number(linked['expiresAt']) > Date.now() && Number(linked['consentUntil']) > Date.now());
    assert.ok(!('tokens' in linked));
    const { fill, text } = await flow.status('status.linked.one.until');
    assert.equal(fill, 'green');
    assert.match(text, /"…\d{4}".*"date":"\d{4}-\d\d-\d\d"/);
    assert.deepEqual(flow.errors, []);
    await noSecrets();
  });

  it('shows the tokens only where it is told to', async () => {
    await open();
    await flow.start(world, { exposeTokens: true });
    flow.send();
    await answer(world, String((await flow.message('prompt')).payload['userCode']), true);
    const { tokens } = (await flow.message('outcome')).payload as { tokens?: Fields };
    assert.equal(typeof tokens?.['accessToken'], 'string');
    flow.send({ topic: 'refresh' });
    const { payload } = await flow.message('outcome', flow.messages.length);
    assert.notEqual((payload['tokens'] as Fields)['accessToken'], tokens?.['accessToken']);
  });

  it('says that somebody refused, in the red and at the third output', async () => {
    await open();
    await flow.start(world);
    flow.send();
    await answer(world, String((await flow.message('prompt')).payload['userCode']), false);
    const { topic, payload } = await flow.message('problem');
    assert.deepEqual([topic, payload['code']], ['enedis/account/auth', 'consent_denied']);
    assert.deepEqual((await flow.status('status.auth.consent_denied')).fill, 'red');
    assert.deepEqual(flow.errors, []);
  });

  it('replaces a code that nobody entered, up to the number of attempts, then waits for a person', async () => {
    await open({ codeLifetime: 2 });
    await flow.start(world, { attempts: 2, autostart: true });
    const { payload } = await flow.message('problem');
    assert.equal(payload['code'], 'code_expired');
    const prompts = flow.messages.filter(({ output }) => output === 'prompt').map(({ message }) => message.payload);
    assert.equal(new Set(prompts.map(({ userCode }) => userCode)).size, 2);
    assert.equal(prompts.length, 2);
    await flow.status('status.auth.code_expired');
    assert.deepEqual(
      flow.publications.map(({ data }) => data),
      [{ waiting: true, attempt: 1 }, { waiting: false }, { waiting: true, attempt: 2 }, { waiting: false }],
    );
  });

  it('ends a dance on `cancel`, shows the running one again, and forgets on `logout`', async () => {
    await open();
    await flow.start(world);
    flow.send();
    const first = await flow.message('prompt');
    flow.send();
    const again = await flow.message('prompt', flow.messages.length);
    assert.equal(again.payload['userCode'], first.payload['userCode']);
    const before = flow.statuses.length;
    flow.send({ topic: 'cancel' });
    await flow.status('status.unlinked', before);
    assert.deepEqual(flow.publications.at(-1), { topic: 'device-flow/flow', data: { waiting: false } });
    const later = flow.messages.length;
    flow.send();
    await answer(world, String((await flow.message('prompt', later)).payload['userCode']), true);
    await flow.message('outcome');
    await flow.status('status.linked');
    const end = flow.statuses.length;
    flow.send({ topic: 'logout' });
    await flow.status('status.unlinked', end);
    flow.send({ topic: 'refresh' });
    assert.equal((await flow.message('problem')).payload['code'], 'credentials_missing');
    assert.equal(flow.messages.filter(({ output }) => output === 'problem').length, 1);
  });

  it('goes on with its dance after a restart, and sends the code again', async () => {
    await open();
    await flow.start(world);
    flow.send();
    const { userCode } = (await flow.message('prompt')).payload;
    await flow.stop();
    flow = new AccountFlow();
    await flow.start(world);
    assert.equal((await flow.message('prompt')).payload['userCode'], userCode);
    await answer(world, String(userCode), true);
    await flow.message('outcome');
    await flow.stop();
    flow = new AccountFlow();
    await flow.start(world, { autostart: true });
    await flow.status('status.linked.one.until');
    assert.deepEqual(flow.messages, []);
  });

  it('does with its button what a message does, for those who may', async () => {
    await open();
    await flow.start(world);
    assert.equal((await flow.admin('POST', '/device-flow/flow')).status, 200);
    const { userCode } = (await flow.message('prompt')).payload;
    assert.deepEqual(flow.publications, [{ topic: 'device-flow/flow', data: { waiting: true, attempt: 1 } }]);
    const { body } = await flow.admin('GET', '/device-flow/flow');
    assert.equal((body['prompt'] as Fields)['userCode'], userCode);
    assert.equal((await flow.admin('POST', '/device-flow/nobody')).status, 404);
    assert.deepEqual((await flow.admin('GET', '/device-flow/nobody')).body, { deployed: false });
  });

  it('says what is wrong: with no account, with settings that cannot be used, with a wrong client id', async () => {
    await open();
    await flow.start(world, { account: '' });
    await flow.status('status.noAccount');
    flow.send();
    assert.equal((await flow.until(() => flow.errors[0]))['code'], 'invalid_argument');
    await flow.stop();
    flow = new AccountFlow();
    await flow.start(world, {}, { server: 'nonsense' });
    await flow.status('status.failure.invalid_argument');
    assert.equal((await flow.until(() => flow.errors[0]))['code'], 'invalid_argument');
    await flow.stop();
    flow = new AccountFlow();
    await flow.start(world, { autostart: true }, { clientId: 'somebody-else' });
    assert.equal((await flow.message('problem')).payload['code'], 'client_rejected');
    await flow.status('status.auth.client_rejected');
    assert.equal(flow.messages.length, 1);
  });
});
