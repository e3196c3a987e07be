import assert from 'node:assert/strict';
import { readTokenLife, type TokenLife } from './token-life.js';
import { ask } from './conversation.js';
import { ids } from './flow.js';
import { openState, sealedState, watchState } from './kept-state.js';
import { watchRequests } from './requests.js';
import { owner, Scene } from './scene.js';

const kills = Number(process.env['KILLS'] ?? 50);
/** Life of a token, seconds: a refresh is due about as often as Node-RED is killed. */
const life = 3;
/** The cloud takes its time, ms, so that much can happen meanwhile. */
const slowness = 100;

type Watches = { requests: ReturnType<typeof watchRequests>; state: ReturnType<typeof watchState> };

/** Moments of a refresh, each by the event that shows that it has come. */
const moments: Readonly<Record<string, (watches: Watches) => Promise<void>>> = {
  'the login was sent': ({ requests }) => requests.next('/login/login.json'),
  'the login was answered': ({ requests }) => requests.nextAnswer('/login/login.json'),
  'the token was asked for': ({ requests }) => requests.next('/tokens'),
  'the token was given': ({ requests }) => requests.nextAnswer('/tokens'),
  'the login was written down': async ({ requests, state }) => {
    await requests.nextAnswer('/tokens');
    await state.next('account');
  },
  'the token was being written': async ({ requests, state }) => {
    await requests.nextAnswer('/tokens');
    await state.next('temporary');
  },
  'the token was written': async ({ requests, state }) => {
    await requests.nextAnswer('/tokens');
    await state.next('state');
  },
};

interface Login extends TokenLife {
  readonly at: number;
}

/** The first thing that a started flow says. */
async function firstWord({ nodeRed }: Scene): Promise<{ from: string; message: Readonly<Record<string, unknown>> }> {
  const ways: string[] = [ids.data, ids.authentication, ids.caught];
  const { node, message } = await nodeRed.waitForMessage((received) => ways.includes(received.node));
  return { from: node, message };
}

/** Has the gateway read over and over until Node-RED ends. */
async function readUntilKilled({ nodeRed }: Scene): Promise<void> {
  try {
    for (;;) await ask(nodeRed);
  } catch (error) {
    assert.match(String(error), /Node-RED ended \(SIGKILL\)/);
  }
}

describe(`Node-RED killed ${kills} times while its token is renewed`, function () {
  this.timeout(60_000 + kills * 15_000);
  let scene: Scene;
  let state: Watches['state'] | undefined;
  afterEach(async () => {
    state?.stop();
    await scene.end();
  });

  it('every start reads at once, and no login is made that was not needed', async () => {
    scene = await Scene.set({ account: { tokenLifetime: life }, readProperties: { interval: 10 } });
    scene.cloud.faults.add({ kind: 'slow', milliseconds: slowness });
    const requests = watchRequests(scene.cloud.log);
    await scene.start();
    assert.equal((await firstWord(scene)).from, ids.data);

    /** What lay on the disk when each login was sent. */
    const atLogin: { at: number; sealed: string }[] = [];
    requests.onRequest((path) => {
      if (path === '/login/login.json') atLogin.push({ at: Date.now(), sealed: sealedState(scene.userDir) });
    });
    state = watchState(scene.userDir);
    let startsWithoutLogin = 0;
    for (let round = 0; round < kills; round++) {
      const [name = '', moment] = Object.entries(moments)[round % Object.keys(moments).length] ?? [];
      const reading = readUntilKilled(scene);
      await moment?.({ requests, state });
      await scene.nodeRed.kill();
      await reading;
      const { token } = await openState(sealedState(scene.userDir));
      assert.ok(token, `killed when ${name}: there is no token on the disk`);

      const logins = scene.cloud.logins;
      await scene.startAgain();
      const { from, message } = await firstWord(scene);
      assert.equal(from, ids.data, `killed when ${name}: ${JSON.stringify(message['error'])}`);
      if (scene.cloud.logins === logins) startsWithoutLogin++;
    }

    const logins: Login[] = [];
    for (const { at, sealed } of atLogin) {
      const { token } = await openState(sealed);
      logins.push({ at, ...readTokenLife(token?.value ?? '') });
    }
    const needless = logins.filter(({ at, issuedAt, expiresAt }) => at < expiresAt - 0.2 * (expiresAt - issuedAt));
    assert.deepEqual(needless, [], 'a login was made although the token on the disk was good and not due');
    const all = kills >= Object.keys(moments).length;
    assert.ok(!all || startsWithoutLogin > 0, 'no start found a token that was still good');
  });

  it('a token that came just before the kill does not hold the next login back', async () => {
    scene = await Scene.set();
    const token = await scene.gateway.issueToken({ username: owner.username });
    const requests = watchRequests(scene.cloud.log);
    await scene.startAgain({ flows: scene.flow(), credentials: { [ids.gateway]: { ...owner, token } } });
    assert.equal((await ask(scene.nodeRed)).from, ids.data);
    state = watchState(scene.userDir);
    scene.gateway.switches.rejectTokensIssuedBefore = Date.now();
    const reading = readUntilKilled(scene);
    await moments['the login was written down']?.({ requests, state });
    await scene.nodeRed.kill();
    await reading;
    await scene.startAgain();
    const { from, message } = await ask(scene.nodeRed);
    assert.equal(from, ids.data, JSON.stringify(message['error']));
  });
});
