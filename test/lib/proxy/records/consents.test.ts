import assert from 'node:assert/strict';
import { attach, endConsent, isLive, noConsentSeen, type NewConsent } from '../../../../lib/proxy/records/consents.js';
import type { Consent } from '../../../../lib/proxy/records/types.js';
import { without } from '../../../../lib/proxy/records/without.js';
import { Kept } from './support.js';

const start = Date.UTC(2026, 10, 1);
const hour = 3600_000;
const given: NewConsent = {
  usagePointHash: 'p1',
  autorisationHash: '42',
  services: ['s1'],
  source: 'v2',
  browserHash: 'mine',
  expiresAt: start + 1000 * hour,
};

class Authorisation extends Kept<Consent> {
  attach(browserHash: string, now = start, more: Partial<NewConsent> = {}) {
    return this.change((consent) => attach(consent, { ...given, browserHash, ...more }, now));
  }
  deniedAt(now: number) {
    return this.change((consent) => noConsentSeen(consent, now)).revoked;
  }
  end(now: number) {
    return this.change((consent) => endConsent(consent, now));
  }
}

describe('an authorisation', () => {
  it('#73: that belongs to a living consent is not given to a second browser', () => {
    const authorisation = new Authorisation();
    assert.equal(authorisation.attach('mine'), 'attached');
    const before = authorisation.value;
    assert.equal(authorisation.attach('other'), 'taken');
    assert.equal(authorisation.value, before);
    const withoutCookie = without(given, 'browserHash');
    assert.equal(
      authorisation.change((consent) => attach(consent, withoutCookie, start)),
      'taken',
    );
  });

  it('may come again from the browser that brought it, and brings what is new', () => {
    const authorisation = new Authorisation();
    authorisation.attach('mine');
    authorisation.deniedAt(start + 1);
    assert.equal(authorisation.attach('mine', start + hour, { services: ['s2'] }), 'attached');
    assert.deepEqual(authorisation.value?.services, ['s2']);
    assert.equal(authorisation.value.grantedAt, start);
    assert.deepEqual(authorisation.value.denials, []);
  });

  it('may come from anybody once its consent has ended or expired', () => {
    const ended = new Authorisation();
    ended.attach('mine');
    ended.end(start + 1);
    assert.equal(ended.attach('other', start + 2), 'attached');
    assert.ok(isLive(ended.value, start + 2));
    assert.equal(ended.value.revokedAt, undefined);
    const expired = new Authorisation();
    expired.attach('mine');
    assert.equal(expired.attach('other', start + 1000 * hour), 'attached');
  });

  it('whose share was deleted and made anew at Enedis may come from another browser, with the id that it had', () => {
    const authorisation = new Authorisation();
    const later = start + 30 * hour;
    authorisation.attach('mine', start, { begunAt: start - 12 * hour });
    assert.equal(authorisation.attach('other', later, { begunAt: start - 12 * hour }), 'taken');
    assert.equal(authorisation.attach('other', later, { begunAt: start + 12 * hour }), 'attached');
    assert.equal(authorisation.value?.grantedAt, later);
    assert.ok(!Object.hasOwn(authorisation.value, 'begunAt'));
    assert.equal(authorisation.attach('third', later + hour, { begunAt: start + 12 * hour }), 'taken');
  });

  it('that has no id, as in v1, may come from any browser', () => {
    const v1 = { ...without(given, 'autorisationHash'), source: 'v1' as const };
    const authorisation = new Kept<Consent>();
    assert.equal(
      authorisation.change((consent) => attach(consent, { ...v1, browserHash: 'mine' }, start)),
      'attached',
    );
    assert.equal(
      authorisation.change((consent) => attach(consent, { ...v1, browserHash: 'other' }, start)),
      'attached',
    );
  });
});

describe('a consent that Enedis does not know any more', () => {
  it('ends at the second answer in 24 hours, and is told once', () => {
    const authorisation = new Authorisation();
    authorisation.attach('mine');
    assert.deepEqual(
      [0, 23, 23.5].map((hours) => authorisation.deniedAt(start + hours * hour)),
      [false, true, false],
    );
    assert.equal(authorisation.value?.revokedAt, start + 23 * hour);
    assert.equal(isLive(authorisation.value, start + 24 * hour), false);
  });

  it('stays where the answers come in a row: a short trouble of Enedis costs nobody a consent', () => {
    const authorisation = new Authorisation();
    authorisation.attach('mine');
    for (let minutes = 0; minutes < 60; minutes++) {
      assert.equal(authorisation.deniedAt(start + (minutes * hour) / 60), false);
    }
    assert.equal(authorisation.deniedAt(start + hour), true);
  });

  it('stays where the answers are a day apart', () => {
    const authorisation = new Authorisation();
    authorisation.attach('mine');
    for (let days = 0; days < 10; days++) assert.equal(authorisation.deniedAt(start + days * 24 * hour), false);
    assert.ok(isLive(authorisation.value, start));
    assert.equal(authorisation.deniedAt(start + (9 * 24 + 1) * hour), true);
  });

  it('is not ended twice, nor where there is none', () => {
    const none = new Authorisation();
    assert.equal(none.deniedAt(start), false);
    assert.equal(none.end(start), false);
    assert.equal(none.value, undefined);
    const ended = new Authorisation();
    ended.attach('mine');
    assert.deepEqual([ended.end(start + 1), ended.end(start + 2)], [true, false]);
    assert.equal(ended.value?.revokedAt, start + 1);
  });
});
