import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import type { Fault } from '../../../simulator/shared/faults.js';
import { ProxyWorld, type DeviceTokens } from '../../support/proxy-world.js';
import { serveBytes, type TestServer } from '../../support/server.js';

/** What Enedis does instead of answering as it should; it goes on until it is switched off. */
const faults: Readonly<Record<string, Fault>> = {
  'answers 500': { kind: 'status', status: 500 },
  'answers 503': { kind: 'status', status: 503 },
  'answers with a page of HTML': { kind: 'html' },
  'answers half of a document': { kind: 'truncated' },
  'breaks off in the middle': { kind: 'resetMidway' },
  'breaks off before the answer': { kind: 'reset' },
  'answers with nonsense for a length': { kind: 'malformedLength' },
};

const tokenPath = '/oauth2/v3/token';
const servicesPath = /^\/subscribed_services\//;
const dataPath = /^\/mesure_synchrone_auto\//;

const past = { start: '2026-11-10', end: '2026-11-12' };

describe('e2e: an Enedis that fails', () => {
  let world: ProxyWorld;
  /** The way to Enedis, which can be cut. */
  let line: TestServer;
  let customers = 0;

  function relay(socket: Socket): void {
    const enedis = connect({ port: Number(new URL(world.enedis.url).port), host: '127.0.0.1' });
    socket.on('close', () => enedis.destroy());
    enedis.on('close', () => socket.destroy()).on('error', () => socket.destroy());
    socket.pipe(enedis).pipe(socket);
  }

  before(async () => {
    line = await serveBytes(relay);
    const { origin } = line.url;
    const endpoints = {
      authorization: `${origin}/dataconnect/v2/oauth2/authorize`,
      token: `${origin}/v1/oauth2/token`,
      applicationToken: `${origin}${tokenPath}`,
      data: origin,
    };
    world = await ProxyWorld.start({ enedis: { crowd: 50 }, settings: { endpoints } });
  });
  after(async () => {
    await world.close();
    await line.close();
  });

  beforeEach(() => {
    world.enedis.faults.clear();
    // The token of the application has ended, and the limits of the test before with it.
    world.clock.advance({ hours: 5 });
  });

  function nextCustomer(): string {
    return `crowd-${String(++customers)}`;
  }

  function read({ accessToken, usagePoints }: DeviceTokens) {
    const [usagePoint = ''] = usagePoints;
    return world.data(accessToken, 'metering_data_dc/v5/daily_consumption', { usage_point_id: usagePoint, ...past });
  }

  /** A consent that comes back while `spoil` is in force: the page can be reloaded later, and all is well. */
  async function consentMeets(spoil: () => void | Promise<void>, mend: () => void | Promise<void>): Promise<void> {
    const { deviceCode, userCode } = await world.begin();
    const browser = world.browser();
    const authorizeUrl = await world.enter(userCode, browser);
    const callback = await world.enedis.consent({ authorizeUrl, customer: nextCustomer() });
    await spoil();
    const page = await browser.open(callback);
    assert.equal(page.status, 503, page.text);
    assert.ok(Number(page.headers['retry-after']) >= 1);
    assert.match(page.text, /Rechargez/, 'the page says what to do');
    assert.equal((await world.poll(deviceCode)).json['error'], 'authorization_pending');

    await mend();
    world.clock.advance({ seconds: Number(page.headers['retry-after']) });
    const done = await browser.follow(await browser.open(callback));
    assert.equal(done.status, 200, done.text);
    assert.equal(new URL(done.url).pathname, '/auth/done');
    world.tokens(await world.poll(deviceCode));
  }

  /** Data that are asked for while `spoil` is in force: an error in JSON, and later the data. */
  async function readingMeets(spoil: () => void | Promise<void>, mend: () => void | Promise<void>): Promise<void> {
    const { tokens } = await world.dance({ customer: nextCustomer() });
    world.clock.advance({ hours: 2 });
    await spoil();
    const answer = await read(tokens);
    assert.ok([502, 503, 504].includes(answer.status), `${String(answer.status)} ${answer.text}`);
    assert.match(String(answer.json['error']), /^\w+$/);
    await mend();
    world.clock.advance({ minutes: 2 });
    const { status, json, text } = await read(tokens);
    assert.equal(status, 200, text);
    assert.ok(json['meter_reading']);
  }

  for (const [name, fault] of Object.entries(faults)) {
    const during = (path: string | RegExp) => () => void world.enedis.faults.add(fault, { path });
    const mend = () => {
      world.enedis.faults.clear();
    };

    it(`${name}, asked for what was consented to: the page can be reloaded`, () =>
      consentMeets(during(servicesPath), mend));

    it(`${name}, asked for the application's token during a consent: the page can be reloaded`, () =>
      consentMeets(during(tokenPath), mend));

    it(`${name}, asked for data: an error, and later the data`, () => readingMeets(during(dataPath), mend));
  }

  const cut = (): Promise<void> => line.close();
  const mendLine = async (): Promise<void> => {
    line = await serveBytes(relay, line.port);
  };

  it('cannot be reached during a consent: the page can be reloaded', () => consentMeets(cut, mendLine));

  it('cannot be reached for data: an error, and later the data', () => readingMeets(cut, mendLine));

  it('takes its time: nobody notices', async () => {
    world.enedis.faults.add({ kind: 'slow', milliseconds: 300 });
    const { tokens } = await world.dance({ customer: nextCustomer() });
    const { status, text } = await read(tokens);
    assert.equal(status, 200, text);
  });
});
