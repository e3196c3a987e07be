import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { deviceCodeGrant } from '../../../lib/proxy/routes/token.js';
import { Browser } from '../../support/proxy/browser.js';
import { WireClient } from '../../support/proxy/exchange.js';
import { proxyNode } from '../proxy/visitor.js';
import { ExampleRun, type Entered } from './example-run.js';

const proxyExample = '08 - Device-flow proxy';
const consentExample = '09 - Consent for a Linky meter';
const csvExample = '10 - Linky to CSV';

type Members = Readonly<Record<string, unknown>>;

describe('the examples, with Enedis', function () {
  this.timeout(120_000);
  let enedis: SimulatedEnedis;
  let nodeRed: NodeRedProcess;
  let run: ExampleRun;
  let wire: WireClient;
  let address: string;

  before(async () => {
    enedis = await startEnedis();
    nodeRed = await startNodeRed();
    address = `${nodeRed.url}/enedis`;
    enedis.setRedirectUrl(`${address}/auth/redirect`);
    wire = new WireClient(nodeRed.port);
    run = await ExampleRun.open(nodeRed);
  });
  after(async () => {
    run.close();
    wire.close();
    await nodeRed.stop();
    await enedis.close();
  });

  /** What a person enters: the application at Enedis in the proxy, the account with that proxy everywhere else. */
  function entered(): Entered {
    const { environment, authorizationEndpoint, tokenEndpoint, dataEndpoint, credentials } = proxyNode(
      enedis,
      'enedis',
    );
    const application = { environment, authorizationEndpoint, tokenEndpoint, dataEndpoint, credentials };
    const account: FlowNode = {
      id: 'account',
      type: 'enedis-account',
      name: '',
      server: address,
      clientId: enedis.application.clientId,
      api: 'proxy',
    };
    const chosen = { account: account.id };
    return {
      config: [account],
      chosen: {
        'device-flow-proxy': { ...application, publicUrl: address },
        'device-flow': chosen,
        'linky-read': chosen,
      },
    };
  }

  async function post(below: string, members: Readonly<Record<string, string>> = {}) {
    const body = new URLSearchParams({ client_id: enedis.application.clientId, ...members }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return wire.send({ method: 'POST', path: `/enedis${below}`, headers, body });
  }

  /** Enters a code and answers at Enedis, as its owner does; by default that is the first customer. */
  async function answer(userCode: string, decision: 'consent' | 'refuse', customer?: string): Promise<void> {
    const browser = new Browser(wire, address);
    const { location } = await browser.submit(await browser.open(`/device?code=${userCode}`));
    assert.ok(location);
    await browser.follow(
      await browser.open(await enedis[decision]({ authorizeUrl: location, ...(customer && { customer }) })),
    );
  }

  /** The code in the sentence that the example makes for a person. */
  async function codeForPerson(): Promise<string> {
    const text = String(await run.shown('linky-01-prompt'));
    const link = `${address}/device`;
    const [, code = ''] = /enter (\S+) within \d+ minutes/.exec(text) ?? [];
    assert.ok(text.startsWith(`Open ${link} and enter `) && text.includes(`Or open ${link}?`), text);
    return code;
  }

  it('08: says why it cannot start, then shows each step, and what deserves a look', async () => {
    await run.deploy(proxyExample);
    assert.match(String(await run.shown('proxy-08-failure')), /client/i);

    await run.deploy(proxyExample, entered());
    await run.status('proxy-08-proxy', 'ready');
    const started = await post('/device/code');
    assert.equal(started.status, 200, started.text);
    const { device_code: deviceCode, user_code: userCode } = started.json;
    await answer(String(userCode), 'consent', 'two-points');
    const tokens = await post('/device/token', { grant_type: deviceCodeGrant, device_code: String(deviceCode) });
    assert.equal(tokens.status, 200, tokens.text);
    await run.shown('proxy-08-dances');
    assert.equal((await post('/device/revoke', { token: String(tokens.json['refresh_token']) })).status, 200);
    assert.equal(((await run.shown('proxy-08-trouble')) as Members)['name'], 'revoked');
    const names = run.all('proxy-08-dances').map((event) => (event as Members)['name']);
    assert.deepEqual(names, ['issued', 'consented', 'redeemed']);
    const told = JSON.stringify(run.all('proxy-08-dances'));
    for (const secret of [deviceCode, userCode, tokens.json['refresh_token'], tokens.json['usage_points_id']])
      assert.ok(!told.includes(String(secret)), told);
    run.assertAllShown();
  });

  it('09: brings code and link, what went wrong, and the meters', async () => {
    await run.deploy(consentExample);
    await run.press('linky-01-start');
    assert.match(String(await run.shown('linky-01-failure')), /account/);

    await run.deploy([proxyExample, consentExample], entered());
    await run.status('proxy-08-proxy', 'ready');
    await run.press('linky-01-start');
    const refused = await codeForPerson();
    await answer(refused, 'refuse');
    assert.match(String(await run.shown('linky-01-problem')), /refused.+ .+\.$/);

    await run.press('linky-01-start');
    const given = await codeForPerson();
    await run.press('linky-01-cancel');
    await run.press('linky-01-start');
    const code = await codeForPerson();
    assert.notEqual(code, given);
    await answer(code, 'consent');
    const { state, usagePoints } = (await run.shown('linky-01-linked')) as Members;
    assert.equal(state, 'authorized');
    assert.equal((usagePoints as string[]).length, 1);
    await run.press('linky-01-refresh');
    assert.equal(((await run.shown('linky-01-linked')) as Members)['state'], 'authorized');
  });

  function csv(name: string): string[] {
    return readFileSync(join(nodeRed.userDir, name), 'utf8').trimEnd().split('\n');
  }

  it('10: appends new days, writes ranges with a header, and says what to do without a consent', async () => {
    await run.deploy(csvExample);
    await run.press('linky-csv-month');
    assert.match(String(await run.shown('linky-csv-failure')), /account/);

    await run.deploy([proxyExample, consentExample, csvExample], entered());
    await run.status('proxy-08-proxy', 'ready');
    await run.press('linky-csv-month');
    const month = String(await run.shown('linky-csv-written', 60_000));
    assert.match(month, /^linky-\d{4}-last-30-days\.csv$/);
    const [header, ...rows] = csv(month);
    assert.equal(header, 'time,start,end,value,unit');
    assert.ok(rows.length >= 28 && rows.length <= 30, String(rows.length));
    const { usagePoints } = run.all('linky-01-linked').at(-1) as { usagePoints: [string] };
    for (const row of rows) {
      const [time = '', , , value] = row.split(',');
      const { consumption } = enedis.measured(usagePoints[0], time.slice(0, 10));
      assert.equal(Number(value), consumption.energy, row);
    }
    await run.press('linky-csv-month');
    await run.shown('linky-csv-written');
    assert.equal(csv(month).length, rows.length + 1, 'the file of a range was not written anew');

    await run.press('linky-csv-year');
    const year = String(await run.shown('linky-csv-written', 60_000));
    const lastYear = new Date().getUTCFullYear() - 1;
    assert.match(year, new RegExp(`-${lastYear}\\.csv$`));
    assert.match(String(csv(year)[1]), new RegExp(`^${lastYear}-01-01 00:00,`));
    assert.match(String(csv(year).at(-1)), new RegExp(`^${lastYear}-12-31 00:00,`));

    const daily = `linky-${usagePoints[0].slice(-4)}-daily.csv`;
    writeFileSync(join(nodeRed.userDir, daily), 'earlier\n');
    await run.press('linky-csv-daily');
    assert.equal(await run.shown('linky-csv-written', 60_000), daily);
    const [earlier, ...week] = csv(daily);
    assert.equal(earlier, 'earlier', 'new days are not appended');
    assert.ok(week.length >= 5 && week.length <= 7, String(week.length));
    assert.deepEqual(week, rows.slice(-week.length));

    await run.press('linky-01-logout');
    await run.press('linky-csv-month');
    assert.match(String(await run.shown('linky-csv-problem')), /consent|Start/i);
    run.assertAllShown();
  });
});
