import assert from 'node:assert/strict';
import fc from 'fast-check';
import { approve, claim, deny, newGrant, poll, redeem } from '../../../../lib/proxy/records/grants.js';
import type { DeviceGrant } from '../../../../lib/proxy/records/types.js';
import { Kept } from './support.js';

const start = Date.UTC(2026, 10, 1);
const given = { clientId: 'CID', userCodeHash: 'user', interval: 5, lifetime: 300, requesterHash: 'address' };
const consent = { usagePoints: { hashes: ['p1'], sealed: 'sealed' }, consents: ['c1'] };
const stepKinds = ['poll', 'poll', 'foreign', 'claim', 'approve', 'deny', 'redeem'] as const;
const steps = (kinds: readonly (typeof stepKinds)[number][], longest = 60_000) =>
  fc.array(fc.record({ kind: fc.constantFrom(...kinds), pause: fc.integer({ min: 0, max: longest }) }), {
    maxLength: 60,
  });

function take(dance: Kept<DeviceGrant>, kind: (typeof stepKinds)[number], family: string, now: number): unknown {
  if (kind === 'poll') return dance.change((grant) => poll(grant, 'CID', now)).kind;
  if (kind === 'foreign') return dance.change((grant) => redeem(grant, 'other', family, now)).kind;
  if (kind === 'claim') return dance.change((grant) => claim(grant, now));
  if (kind === 'approve') return dance.change((grant) => approve(grant, consent, now));
  if (kind === 'deny') return dance.change((grant) => deny(grant, 'refused_by_user', now));
  return dance.change((grant) => redeem(grant, 'CID', family, now)).kind;
}

describe('whatever happens in a dance', () => {
  it('a code is redeemed once at most, and only after a consent', () => {
    fc.assert(
      fc.property(steps(stepKinds), (taken) => {
        const dance = new Kept(newGrant(given, start));
        let now = start;
        let consents = 0;
        let redeemed = 0;
        taken.forEach(({ kind, pause }, index) => {
          now += pause;
          const answer = take(dance, kind, `family ${index}`, now);
          if (kind === 'approve' && answer === 'approved') consents += 1;
          if (kind === 'redeem' && answer === 'approved') redeemed += 1;
          assert.ok(redeemed <= consents && consents <= 1);
          assert.ok(kind !== 'foreign' || answer === 'unknown');
        });
      }),
    );
  });

  it('a code that was entered can be consented to for ten minutes, whatever the device does', () => {
    const whatever = steps(['poll', 'foreign', 'redeem', 'claim'], 20_000);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 299_999 }), whatever, (entered, taken) => {
        const dance = new Kept(newGrant(given, start));
        assert.equal(take(dance, 'claim', '', start + entered), 'claimed');
        let now = start + entered;
        for (const { kind, pause } of taken) {
          if (now + pause >= start + entered + 600_000) break;
          take(dance, kind, 'family', (now += pause));
        }
        assert.equal(take(dance, 'approve', '', now), 'approved');
        assert.equal(take(dance, 'redeem', 'family', now + 119_999), 'approved');
      }),
    );
  });

  it('a refused poll moves nothing but the interval: who waits for it after the last good poll is answered', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 }), (pauses) => {
        const dance = new Kept(newGrant({ ...given, lifetime: 86_400 }, start));
        let now = start;
        let lastGood = -Infinity;
        let interval = 5;
        for (const pause of pauses) {
          now += pause;
          const answer = dance.change((grant) => poll(grant, 'CID', now));
          assert.ok(answer.kind === 'pending' || answer.kind === 'slow_down');
          assert.equal(answer.kind === 'pending', now - lastGood >= interval * 1000 - 1000);
          assert.ok(answer.interval >= interval && answer.interval <= Math.min(interval + 5, 30));
          if (answer.kind === 'pending') lastGood = now;
          interval = answer.interval;
        }
      }),
    );
  });

  it('a device that asks at fixed times of its own is answered at least once in 35 s and a step', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 10_000 }), (step) => {
        const dance = new Kept(newGrant({ ...given, lifetime: 86_400 }, start));
        let lastGood = start;
        for (let now = start; now < start + 600_000; now += step) {
          if (take(dance, 'poll', '', now) === 'pending') lastGood = now;
          assert.ok(now - lastGood <= 30_000 + step);
        }
      }),
      { numRuns: 30 },
    );
  });
});
