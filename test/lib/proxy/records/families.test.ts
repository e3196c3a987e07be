import assert from 'node:assert/strict';
import fc from 'fast-check';
import { covers, isUsable, newFamily, revoke, rotate } from '../../../../lib/proxy/records/families.js';
import type { TokenFamily } from '../../../../lib/proxy/records/types.js';
import { Kept } from './support.js';

const start = Date.UTC(2026, 10, 1);
const grace = 60_000;
const given = {
  clientId: 'CID',
  usagePoints: { hashes: ['p1', 'p2'], sealed: 'sealed' },
  consents: ['c1'],
  currentHash: 'token 0',
  lifetime: 3600,
};

/** A family whose refresh tokens are numbered. */
class Family extends Kept<TokenFamily> {
  constructor() {
    super(newFamily(given, start));
  }
  refresh(token: number, next: number, now = start, clientId = 'CID') {
    const rotation = { presentedHash: `token ${token}`, nextHash: `token ${next}`, successorSealed: `sealed ${next}` };
    return this.change((family) => rotate(family, { ...rotation, clientId, now, grace }));
  }
}

describe('a token family', () => {
  it('lives as long as it is given, or as the consent', () => {
    const family = newFamily(given, start);
    assert.ok(isUsable(family, start + 3_599_999));
    assert.ok(!isUsable(family, start + 3_600_000));
    assert.ok(!isUsable(undefined, start));
    assert.equal(newFamily({ ...given, consentEndsAt: start + 1000 }, start).expiresAt, start + 1000);
    assert.equal(newFamily({ ...given, consentEndsAt: start + 1e10 }, start).expiresAt, start + 3_600_000);
  });

  it('#123: covers its usage points and no other', () => {
    const family = newFamily(given, start);
    assert.ok(covers(family, 'p1') && covers(family, 'p2'));
    assert.ok(!covers(family, 'p3') && !covers(family, ''));
  });

  it('#109: exchanges a refresh token for the next', () => {
    const family = new Family();
    assert.deepEqual(family.refresh(0, 1), { kind: 'rotated' });
    assert.deepEqual(family.refresh(1, 2, start + 1000), { kind: 'rotated' });
    assert.equal(family.value?.generation, 2);
  });

  it('#111: answers a second refresh with the same token as the first, for the grace time', () => {
    const family = new Family();
    family.refresh(0, 1);
    assert.deepEqual(family.refresh(0, 9, start + grace), { kind: 'grace', successorSealed: 'sealed 1' });
    assert.deepEqual(family.refresh(1, 2, start + grace), { kind: 'rotated' });
  });

  it('#110: ends when a token comes again after the grace time', () => {
    const family = new Family();
    family.refresh(0, 1);
    assert.deepEqual(family.refresh(0, 9, start + grace + 1), { kind: 'reuse' });
    assert.equal(family.value?.revokeReason, 'reuse');
    assert.deepEqual(family.refresh(1, 2, start + grace + 2), { kind: 'invalid' });
    assert.ok(!isUsable(family.value, start + grace + 2));
    assert.ok(!JSON.stringify(family.value).includes('sealed 1'));
  });

  it('ends when a token older than the one before comes, even within the grace time', () => {
    const family = new Family();
    family.refresh(0, 1);
    family.refresh(1, 2);
    assert.deepEqual(family.refresh(0, 9), { kind: 'reuse' });
  });

  it('says no, and no more, to another client, after its end and after it was revoked', () => {
    const family = new Family();
    assert.deepEqual(family.refresh(0, 1, start, 'other'), { kind: 'invalid' });
    assert.deepEqual(family.refresh(0, 1, start + 3_600_000), { kind: 'invalid' });
    assert.deepEqual(family.refresh(0, 1), { kind: 'rotated' });
    assert.deepEqual(
      new Kept<TokenFamily>().change((none) => revoke(none, 'reuse', start)),
      false,
    );
    assert.equal(
      family.change((value) => revoke(value, 'revoked_by_client', start)),
      true,
    );
    assert.equal(
      family.change((value) => revoke(value, 'consent_ended', start)),
      false,
    );
    assert.equal(family.value?.revokeReason, 'revoked_by_client');
    assert.deepEqual(family.refresh(1, 2), { kind: 'invalid' });
  });

  it('whose clock was set back keeps its client', () => {
    const family = new Family();
    family.refresh(0, 1, start + 1_800_000);
    assert.equal(family.refresh(0, 9, start).kind, 'grace');
  });

  it('always leaves a client that loses answers, but asks again in time, a token that works', () => {
    const attempts = fc.array(fc.record({ lost: fc.boolean(), pause: fc.integer({ min: 0, max: 30_000 }) }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(attempts, (each) => {
        const family = new Kept(newFamily({ ...given, lifetime: 86_400 }, start));
        let now = start;
        let held = 'token 0';
        let wasLost = false;
        each.forEach(({ lost, pause }, index) => {
          now += pause;
          const next = `token ${index + 1}`;
          const answer = family.change((value) =>
            rotate(value, { presentedHash: held, nextHash: next, successorSealed: next, clientId: 'CID', now, grace }),
          );
          assert.ok(answer.kind === 'rotated' || answer.kind === 'grace', answer.kind);
          // The grace time runs from the first answer, so only one answer in a row may be lost here.
          if (lost && !wasLost) wasLost = true;
          else {
            held = answer.kind === 'grace' ? answer.successorSealed : next;
            wasLost = false;
          }
          assert.ok(isUsable(family.value, now));
        });
      }),
    );
  });

  it('is given to a thief for the grace time at most: when two hold a token, the family ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: grace + 1, max: 3_000_000 }), fc.boolean(), (later, thiefFirst) => {
        const family = new Family();
        assert.equal(family.refresh(0, thiefFirst ? 100 : 1).kind, 'rotated');
        assert.equal(family.refresh(0, 50, start + later).kind, 'reuse');
        assert.equal(family.refresh(thiefFirst ? 100 : 1, 51, start + later).kind, 'invalid');
      }),
    );
  });
});
