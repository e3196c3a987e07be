import assert from 'node:assert/strict';
import { createDeviceFlowAccount } from '../../../../lib/device-flow/device-flow-account.js';
import { deviceFlowSettings } from '../../../../lib/device-flow/settings.js';
import { createMeterApi, usualDataEndpoint } from '../../../../lib/linky/api/create.js';
import { createLinkyReader } from '../../../../lib/linky/reader/create.js';
import { linkyMemory } from '../../../../lib/linky/reader/store.js';
import { keptInMemory } from '../../../../lib/store/sealed-file.js';
import { ProxyWorld, publicClient } from '../../../support/proxy-world.js';
import { VirtualClock } from '../../device-flow/virtual-clock.js';
import { wideLimits } from './meter-world.js';

describe('Reading a meter with an account that made its own dance', () => {
  it('works from the code to the data, and goes on by itself after the access token has ended', async () => {
    const world = await ProxyWorld.start({ settings: { limits: wideLimits } });
    const { url } = world.first;
    const clock = new VirtualClock(world.clock.now());
    const settings = deviceFlowSettings({ server: url, clientId: publicClient });
    const account = await createDeviceFlowAccount({ settings, memory: keptInMemory(), clock });
    const api = createMeterApi('proxy', usualDataEndpoint('proxy', url), world.clock.now);
    const reader = createLinkyReader({ account, api, store: linkyMemory(), now: world.clock.now });
    try {
      const { userCode } = await account.start(1);
      const browser = world.browser();
      const authorizeUrl = await world.enter(userCode, browser);
      await browser.follow(await browser.open(await world.enedis.consent({ authorizeUrl })));
      const authorized = new Promise((resolve) => account.listen({ onAuthorized: resolve }));
      world.clock.advance({ seconds: 6 });
      await clock.advance(6000);
      await authorized;
      const [first] = await reader.read({ dataset: 'daily_consumption' });
      assert.equal(first?.readings.length, 7);
      world.clock.advance({ hours: 24 });
      await clock.advance(24 * 3_600_000);
      const [second] = await reader.read({ dataset: 'daily_consumption' });
      assert.equal(second?.readings.length, 1);
      assert.deepEqual(second.meter.usagePoint, first.usagePoint);
    } finally {
      await reader.close();
      await account.close();
      await world.close();
    }
  });
});
