import assert from 'node:assert/strict';
import { startEnedis } from '../../../simulator/index.js';
import type { SimulatedEnedis } from '../../../simulator/index.js';
import { codeOf, consentTo, member, services } from './client.js';
import type { Answer } from './client.js';

describe('the subscribed services of the simulated Enedis', () => {
  let enedis: SimulatedEnedis;
  let time = 0;
  beforeEach(async () => {
    time = Date.parse('2026-11-09T10:00:00Z');
    enedis = await startEnedis({ redirectUrl: 'http://127.0.0.1:9/', now: () => time });
  });
  afterEach(() => enedis.close());

  const list = ({ document }: Answer): Record<string, unknown>[] =>
    (member(document, 'serviceSouscrit') ?? []) as Record<string, unknown>[];

  it('name the usage point, the dates and what may be asked', async () => {
    const id = await consentTo(enedis, 'self-consumption');
    const found = list(await services(enedis, id));
    assert.deepEqual(new Set(found.map(({ pointId }) => pointId)), new Set(['12655648759651']));
    assert.deepEqual(
      found.map(({ mesuresTypeCode }) => mesuresTypeCode),
      ['ENERGIE', 'CDC', 'IDX', 'PMAX', 'ITC'],
    );
    const { dateDebut, dateFin, soutirage, injection, etatCode } = found[0] ?? {};
    assert.deepEqual(
      [dateDebut, dateFin, soutirage, injection, etatCode],
      ['2026-11-09', '2029-11-08', true, true, 'ACTIF'],
    );
    const withoutCurve = list(await services(enedis, await consentTo(enedis, 'no-curve')));
    assert.ok(withoutCurve.every(({ mesuresTypeCode }) => mesuresTypeCode !== 'CDC'));
    const objecting = await services(enedis, await consentTo(enedis, 'objected'), { serviceType: 'OPPENR' });
    assert.equal(list(objecting).length, 1);
  });

  it('are empty as often as told after a consent, then there; counted only where that was asked', async () => {
    enedis.switches.servicesEmptyFor = 2;
    const id = await consentTo(enedis, 'consumption');
    for (let attempt = 0; attempt < 2; attempt++) {
      assert.deepEqual((await services(enedis, id)).document, { nbTotalServices: 0, serviceSouscrit: null });
    }
    assert.equal(list(await services(enedis, id)).length, 5);
    assert.deepEqual((await services(enedis, id, { comptage: true })).document, {
      nbTotalServices: 5,
      serviceSouscrit: null,
    });
    assert.equal(member((await services(enedis, 999)).document, 'nbTotalServices'), 0);
  });

  it('come in pages', async () => {
    const id = await consentTo(enedis, 'consumption');
    enedis.switches.servicesPageSize = 2;
    const pages = [
      await services(enedis, id),
      await services(enedis, id, { page: 1 }),
      await services(enedis, id, { page: 2 }),
    ];
    assert.deepEqual(
      pages.map((page) => list(page).length),
      [2, 2, 1],
    );
    assert.equal(new Set(pages.flatMap(list).map((service) => service['id'])).size, 5);
    assert.equal(member(pages[2]?.document, 'nbTotalServices'), 5);
  });

  it('tell deleted shares from those that are over', async () => {
    const states = async (id: number): Promise<unknown> => {
      const all = ['DEMANDE', 'ACTIF', 'TERMINE', 'SUPPRIME'];
      return list(await services(enedis, id, { etatCode: all }))[0]?.['etatCode'];
    };
    const deleted = await consentTo(enedis, 'consumption');
    enedis.revokeConsent('consumption');
    assert.equal(await states(deleted), 'SUPPRIME');
    assert.equal(list(await services(enedis, deleted)).length, 0);
    const ended = await consentTo(enedis, 'holes');
    enedis.endConsentAt('holes', '2026-11-10');
    assert.equal(await states(ended), 'ACTIF');
    time += 86_400_000;
    assert.equal(await states(ended), 'TERMINE');
  });

  it('give 500 for everything that the interface does not describe', async () => {
    const id = await consentTo(enedis, 'consumption');
    assert.equal((await services(enedis, String(id))).status, 500);
    assert.equal((await services(enedis, id, { unknown: 1 })).status, 500);
    assert.equal((await services(enedis, id, { etatCode: 'ACTIF' })).status, 500);
    assert.equal((await services(enedis, -1)).status, 400);
    assert.equal(codeOf(await services(enedis, 1.5)), 'STM-ERR-0000001');
  });

  it('may be changed by a test', async () => {
    const id = await consentTo(enedis, 'consumption');
    enedis.switches.editServices = (found) => found.map((service) => ({ ...service, pointId: '99999999999999' }));
    assert.equal(list(await services(enedis, id))[0]?.['pointId'], '99999999999999');
  });
});
