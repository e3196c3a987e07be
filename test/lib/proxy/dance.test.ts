import assert from 'node:assert/strict';
import { ProxyWorld } from '../../support/proxy-world.js';

describe('lib/proxy: a whole dance', () => {
  let world: ProxyWorld;

  beforeEach(async () => {
    world = await ProxyWorld.start();
  });

  afterEach(() => world.close());

  it('leads from a code over the consent to tokens and to data', async () => {
    const { tokens, page } = await world.dance();
    assert.match(page.text, /lang="fr"/);
    assert.equal(page.url, 'https://p.test/auth/done');
    const [usagePoint = ''] = tokens.usagePoints;
    const answer = await world.data(tokens.accessToken, 'metering_data_dc/v5/daily_consumption', {
      usage_point_id: usagePoint,
      start: '2026-11-10',
      end: '2026-11-12',
    });
    assert.equal(answer.status, 200, answer.text);
    const reading = answer.json['meter_reading'] as { interval_reading: { value: string; date: string }[] };
    const measured = world.enedis.measured(usagePoint, '2026-11-10');
    assert.equal(reading.interval_reading[0]?.date, '2026-11-10', JSON.stringify(measured));
    assert.deepEqual(
      world.events.map(({ name }) => name),
      ['issued', 'consented', 'redeemed'],
    );
  });

  it('goes on at another instance: nothing of it is in the memory of one', async () => {
    const other = await world.addInstance();
    const code = await world.begin();
    const browser = world.browser(other);
    const callback = await world.enedis.consent({ authorizeUrl: await world.enter(code.userCode, browser) });
    const page = await browser.follow(await browser.open(callback));
    assert.equal(page.status, 200, page.text);
    const tokens = world.tokens(await world.poll(code.deviceCode));
    world.clock.advance({ hours: 3 });
    world.tokens(await world.refresh(tokens.refreshToken, other));
  });
});
