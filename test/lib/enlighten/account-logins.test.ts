import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accountId, AccountLogins, type TokenWish } from '../../../lib/enlighten/account-logins.js';
import type { GuardState, LoginReason } from '../../../lib/enlighten/login-guard.js';
import { AuthenticationError } from '../../../lib/errors.js';
import { Transport } from '../../../lib/http/transport.js';
import { createSealer, deriveKey } from '../../../lib/store/sealing.js';
import { SealedFile, type Kept } from '../../../lib/store/sealed-file.js';
import { startCloud, type SimulatedCloud } from '../../../simulator/index.js';
import { freshDirectory } from '../../support/directory.js';
import { freePort, serve } from '../../support/server.js';

const minute = 60_000;
const serial = '122600000042';
const otherSerial = '122600000043';
const username = 'owner@example.com';

describe('the logins of an account', () => {
  const directory = freshDirectory();
  const sealer = createSealer([deriveKey('secret', 'test')]);
  let cloud: SimulatedCloud;
  let transport: Transport;
  let now: number;
  beforeEach(async () => {
    now = Date.now();
    transport = new Transport({ mode: 'verify' });
    const serials = [serial, otherSerial];
    cloud = await startCloud({ tls: false, accounts: [{ email: username, password: 'right', serials }] });
  });
  afterEach(async () => {
    await transport.close();
    await cloud.close();
  });

  const keptGuard = (path = join(directory(), 'guard')): SealedFile<GuardState> =>
    new SealedFile<GuardState>(path, () => Promise.resolve(sealer));
  /** The logins as after a restart: nothing is known but what is on disk. */
  const start = (kept: Kept<GuardState> = keptGuard(), url = cloud.url): AccountLogins =>
    new AccountLogins({ cloudUrl: url, tokenUrl: url }, transport, kept, () => now);
  const wish = (reason: LoginReason = 'needed', more: Partial<TokenWish> = {}): TokenWish => ({
    account: { username, password: 'right' },
    gateway: 'first',
    serial,
    reason,
    keep: () => Promise.resolve(),
    ...more,
  });
  const wrong = { account: { username, password: 'wrong' } };
  async function failureOf(task: Promise<unknown>): Promise<AuthenticationError> {
    const error = await task.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof AuthenticationError, String(error));
    assert.ok(!JSON.stringify([error.message, error.parameters]).includes('wrong'));
    return error;
  }
  const codeOf = async (task: Promise<unknown>): Promise<string> => (await failureOf(task)).code;

  it('bring a token that the gateway will take, made safe before the login counts as done', async () => {
    const kept = keptGuard();
    const safe: [string, string | undefined][] = [];
    const keep = async (token: string): Promise<void> => {
      safe.push([token, (await keptGuard().read())?.attempts.at(-1)?.outcome]);
    };
    const token = await start(kept).obtainToken(wish('needed', { keep }));
    assert.ok(await cloud.authority.verify(token, serial, Date.now()));
    assert.deepEqual(safe, [[token, 'pending']]);
    assert.deepEqual((await kept.read())?.attempts.at(-1)?.outcome, 'succeeded');
  });

  it('are one for fifty who ask at once for several gateways', async () => {
    const logins = start();
    const wishes = Array.from({ length: 50 }, (_, index) =>
      wish('needed', { gateway: `${index % 5}`, serial: index % 2 ? serial : otherSerial }),
    );
    const tokens = await Promise.all(wishes.map((each) => logins.obtainToken(each)));
    assert.equal(cloud.logins, 1);
    for (const [index, token] of tokens.entries()) {
      assert.ok(await cloud.authority.verify(token, wishes[index]?.serial ?? '', Date.now()));
    }
  });

  it('go out one at a time', async () => {
    let under = 0;
    let most = 0;
    const server = await serve((_request, response) => {
      most = Math.max(most, ++under);
      setImmediate(() => {
        under--;
        response.writeHead(500).end();
      });
    });
    const logins = start(keptGuard(), server.url.href);
    const reasons = Array.from({ length: 5 }, () => logins.obtainToken(wish('person')));
    await Promise.all(reasons.map((each) => assert.rejects(each)));
    await server.close();
    assert.equal(most, 1);
  });

  it('serve the other gateways of the account for five minutes', async () => {
    const logins = start();
    await logins.obtainToken(wish());
    now += 4 * minute;
    await logins.obtainToken(wish('renewal', { gateway: 'second', serial: otherSerial }));
    await logins.obtainToken(wish('deploy', { gateway: 'second', serial: otherSerial }));
    assert.equal(cloud.logins, 1);
    now += 2 * minute;
    await logins.obtainToken(wish('needed', { gateway: 'second', serial: otherSerial }));
    assert.equal(cloud.logins, 2);
  });

  it('serve the other gateways too where the first one is not of the account', async () => {
    const logins = start();
    assert.equal(await codeOf(logins.obtainToken(wish('needed', { serial: '999999999999' }))), 'serial_not_owned');
    await logins.obtainToken(wish('needed', { gateway: 'second' }));
    assert.equal(cloud.logins, 1);
  });

  it('give a gateway whose token died early another one without a login', async () => {
    const logins = start();
    const first = await logins.obtainToken(wish());
    assert.equal(await codeOf(logins.obtainToken(wish('renewal'))), 'rate_limited');
    assert.notEqual(await logins.obtainToken(wish('needed')), first);
    assert.equal(cloud.logins, 1);
  });

  it('are made anew for a person', async () => {
    const logins = start();
    await logins.obtainToken(wish());
    await logins.obtainToken(wish('person'));
    assert.equal(cloud.logins, 2);
  });

  it('are on disk before they are sent', async () => {
    const kept: (string | undefined)[] = [];
    const server = await serve((_request, response) => {
      void keptGuard()
        .read()
        .then((state) => {
          kept.push(state?.attempts.at(-1)?.outcome);
          response.writeHead(401, { 'content-type': 'application/json' }).end('{}');
        });
    });
    assert.equal(await codeOf(start(keptGuard(), server.url.href).obtainToken(wish())), 'credentials_rejected');
    await server.close();
    assert.deepEqual(kept, ['pending']);
    assert.equal((await keptGuard().read())?.attempts.at(-1)?.outcome, 'credentials_rejected');
    const text = await readFile(join(directory(), 'guard'), 'utf8');
    assert.ok(!text.includes('right') && !text.includes('owner'));
  });

  it('are three in a day with a wrong password, however often the process starts and whoever asks', async () => {
    for (let count = 0; count < 30; count++) {
      const reason = (['person', 'deploy', 'needed', 'renewal'] as const)[count % 4] ?? 'person';
      await assert.rejects(start().obtainToken(wish(reason, wrong)));
      now += 20 * minute;
    }
    assert.equal(cloud.logins, 3);
    assert.equal(cloud.account(username).rejections, 3);
  });

  it('are never made again by themselves after a refusal, but with another password', async () => {
    assert.equal(await codeOf(start().obtainToken(wish('needed', wrong))), 'credentials_rejected');
    for (const later of [minute, 60 * minute, 3 * 24 * 60 * minute]) {
      now += later;
      assert.equal(await codeOf(start().obtainToken(wish('needed', wrong))), 'credentials_rejected');
    }
    assert.equal(cloud.logins, 1);
    await start().obtainToken(wish('needed'));
    assert.equal(cloud.logins, 2);
  });

  it('count as the same account however its name is written', async () => {
    await assert.rejects(start().obtainToken(wish('needed', wrong)));
    const spelled = wish('needed', { account: { username: ' OWNER@example.com', password: 'wrong' } });
    assert.equal(await codeOf(start().obtainToken(spelled)), 'credentials_rejected');
    assert.equal(cloud.logins, 1);
    const settings = { cloudUrl: cloud.url, tokenUrl: cloud.url };
    assert.equal(accountId(settings, ' OWNER@example.com'), accountId(settings, username));
    assert.notEqual(accountId(settings, username), accountId({ ...settings, cloudUrl: 'https://other' }, username));
    assert.match(accountId(settings, username), /^[\w-]{22}$/);
  });

  const cases: [what: string, prepare: (vendor: SimulatedCloud) => void, code: string][] = [
    ['a second factor', (vendor) => (vendor.account(username).mfa = true), 'mfa_required'],
    ['a locked account', (vendor) => (vendor.account(username).blocked = true), 'account_blocked'],
    ['a gateway of somebody else', (vendor) => (vendor.account(username).serials = []), 'serial_not_owned'],
    ['a page for the login', ({ switches }) => (switches.htmlInsteadOfLogin = true), 'server_error'],
    ['a page for the token', ({ switches }) => (switches.htmlInsteadOfToken = true), 'server_error'],
    ['a text that is no token', ({ switches }) => (switches.malformedToken = true), 'server_error'],
    ['too many logins', ({ faults }) => faults.add({ kind: 'status', status: 429 }), 'rate_limited'],
    ['an ill cloud', ({ faults }) => faults.add({ kind: 'status', status: 503 }), 'cloud_unavailable'],
    ['an answer that breaks off', ({ faults }) => faults.add({ kind: 'resetMidway' }), 'cloud_unavailable'],
    ['a cloud that is cut off', ({ switches }) => (switches.down = true), 'cloud_unavailable'],
  ];
  for (const [what, prepare, code] of cases) {
    it(`say what is the matter: ${what}`, async () => {
      prepare(cloud);
      assert.equal(await codeOf(start().obtainToken(wish())), code);
      assert.equal(cloud.logins <= 1, true);
      // Asked again at once, the answer is the same and the cloud is left alone.
      const logins = cloud.logins;
      const again = await codeOf(start().obtainToken(wish()));
      assert.equal(again, code === 'serial_not_owned' ? 'rate_limited' : code);
      assert.equal(cloud.logins, logins);
    });
  }

  it('wait for a cloud that is not there, ever longer, and go on when it is back', async () => {
    const port = await freePort();
    const elsewhere = `http://127.0.0.1:${port}`;
    const waits: number[] = [];
    for (let count = 0; count < 10; count++) {
      assert.equal(await codeOf(start(keptGuard(), elsewhere).obtainToken(wish())), 'cloud_unavailable');
      const { retryAt = Number.NaN } = await failureOf(start(keptGuard(), elsewhere).obtainToken(wish()));
      waits.push((retryAt - now) / 1000);
      now = retryAt;
    }
    assert.deepEqual(waits, [15, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
    await start().obtainToken(wish());
    assert.equal(cloud.logins, 1);
  });

  it('wait five minutes also where the clock here is ahead of the token that they bring', async () => {
    now += 400 * 24 * 60 * minute;
    await start().obtainToken(wish());
    now += minute;
    assert.equal(await codeOf(start().obtainToken(wish())), 'rate_limited');
    assert.equal(cloud.logins, 1);
  });

  it('go on without a disk, and count all the same', async () => {
    const blocked = join(directory(), 'a file');
    await writeFile(blocked, 'where a directory is wanted');
    const logins = start(keptGuard(join(blocked, 'guard')));
    for (let count = 0; count < 5; count++) {
      await assert.rejects(logins.obtainToken(wish('person', wrong)));
      now += minute;
    }
    assert.equal(cloud.logins, 3);
    await logins.obtainToken(wish());
    assert.equal(cloud.logins, 4);
  });

  it('go on where the file is out of reach, and leave it alone', async () => {
    const path = join(directory(), 'guard');
    await mkdir(path);
    await start().obtainToken(wish());
    assert.deepEqual(await readdir(directory()), ['guard']);
  });

  it('that are cut off by a close may have reached the cloud', async () => {
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const server = await serve(() => {
      arrived();
    });
    const outcome = assert.rejects(start(keptGuard(), server.url.href).obtainToken(wish()));
    await arrival;
    await transport.close();
    await outcome;
    await server.close();
    assert.equal((await keptGuard().read())?.attempts.at(-1)?.outcome, 'pending');
  });
});
