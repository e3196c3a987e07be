import assert from 'node:assert/strict';
import { startEnedis } from '../../../simulator/index.js';
import type { EnedisOptions, KeptEnedis, SimulatedEnedis } from '../../../simulator/index.js';
import { member, read, services } from './client.js';

const redirectUrl = 'http://127.0.0.1:9/auth/redirect';
const resource = 'mesure_synchrone_auto/v2/consommation_quotidienne';

describe('a simulated Enedis that follows another one', () => {
  const started: SimulatedEnedis[] = [];
  let kept: Partial<KeptEnedis>;
  beforeEach(() => (kept = {}));
  afterEach(() => Promise.all(started.splice(0).map((each) => each.close())));

  async function start(options: EnedisOptions = {}): Promise<SimulatedEnedis> {
    const onChange = (changed: Partial<KeptEnedis>): void => {
      kept = { ...kept, ...changed };
    };
    // What is kept goes through a file.
    const earlier = JSON.parse(JSON.stringify(kept)) as Partial<KeptEnedis>;
    const enedis = await startEnedis({ redirectUrl, kept: earlier, onChange, ...options });
    started.push(enedis);
    return enedis;
  }

  function numberOf(callback: string): number {
    return Number(new URL(callback).searchParams.get('autorisation_id'));
  }

  it('knows the consents given there by their numbers, and gives others to new ones', async () => {
    const first = await start();
    const authorizeUrl = first.authorizeUrl({ state: 'x' });
    const number = numberOf(await first.consent({ authorizeUrl, customer: 'self-consumption' }));
    const second = await start();
    const { document } = await services(second, number);
    assert.equal(member(document, 'serviceSouscrit', 0, 'pointId'), '12655648759651');
    await assert.rejects(second.consent({ authorizeUrl, customer: 'self-consumption' }), /already_shared/);
    assert.notEqual(numberOf(await second.consent({ authorizeUrl, customer: 'activated' })), number);
  });

  it('accepts the tokens issued there while they live, and nothing that was kept holds one', async () => {
    let time = Date.now();
    const first = await start({ now: () => time });
    const token = first.issueToken(60);
    assert.ok(!JSON.stringify(kept).includes(token));
    const second = await start({ now: () => time });
    const status = async (): Promise<number> =>
      (await read(second, resource, {}, { authorization: `Bearer ${token}` })).status;
    assert.notEqual(await status(), 401);
    time += 61_000;
    assert.equal(await status(), 401);
  });

  it('forgets those of customers that there are no more', async () => {
    const first = await start();
    await first.consent({ authorizeUrl: first.authorizeUrl({ state: 'x' }), customer: 'activated' });
    const second = await start({ customers: [{ id: 'other', usagePoints: [{ id: '50001234500099' }] }] });
    assert.ok(numberOf(await second.consent({ authorizeUrl: second.authorizeUrl({ state: 'x' }) })) > 0);
  });
});
