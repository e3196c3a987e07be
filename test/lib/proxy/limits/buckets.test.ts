import assert from 'node:assert/strict';
import fc from 'fast-check';
import { allowance, bucketAt, giveBackTo, takeFrom } from '../../../../lib/proxy/limits/buckets.js';
import type { LimitRule } from '../../../../lib/proxy/limits/limits.js';
import type { RateBucket } from '../../../../lib/proxy/records/types.js';

const start = Date.UTC(2026, 10, 1);
const rule: LimitRule = { name: 'test', limit: 12, window: 60_000 };

/** A subject under one rule. */
class Subject {
  bucket: RateBucket | undefined;
  readonly rule: LimitRule;

  constructor(used: LimitRule = rule) {
    this.rule = used;
  }
  /** How many of the wanted ones are allowed. */
  take(seconds: number, wanted = 1): number {
    const { next, taken } = takeFrom(this.bucket, this.rule, wanted, start + seconds * 1000);
    if (next) this.bucket = next;
    return taken;
  }
  wait(seconds: number): number {
    const now = start + seconds * 1000;
    return allowance(bucketAt(this.bucket, this.rule, now), this.rule, now).wait;
  }
}

describe('a limit', () => {
  it('#34 #150: allows so many in a window, no more, and says how long to wait', () => {
    const subject = new Subject();
    assert.equal(subject.take(0, 13), 12);
    assert.equal(subject.take(59), 0);
    assert.equal(subject.wait(59), 1000);
    assert.equal(subject.take(60), 1);
  });

  it('does not allow twice as many across the border of two windows (D5)', () => {
    const subject = new Subject();
    subject.take(0);
    assert.equal(subject.take(59, 12), 11);
    assert.ok(subject.take(60, 12) <= 1);
    assert.ok(subject.take(90, 12) <= 6);
  });

  it('never refuses a subject that keeps to it', () => {
    const subject = new Subject();
    for (let seconds = 0; seconds < 3600; seconds += 5) assert.equal(subject.take(seconds), 1, `at ${seconds}`);
    const slow = new Subject({ name: 'one', limit: 1, window: 60_000 });
    for (let seconds = 0; seconds < 3600; seconds += 60) assert.equal(slow.take(seconds), 1, `at ${seconds}`);
  });

  it('is fresh again after two windows', () => {
    const subject = new Subject();
    subject.take(0, 12);
    assert.equal(subject.take(120, 13), 12);
  });

  it('of nothing allows nothing', () => {
    const subject = new Subject({ name: 'none', limit: 0, window: 1000 });
    assert.equal(subject.take(0), 0);
    assert.ok(subject.wait(0) > 0);
  });

  it('is neither held up for long nor forgiven by a clock that was set back', () => {
    const subject = new Subject();
    subject.take(7200, 12);
    assert.ok(subject.take(0, 12) <= 1);
    assert.ok(subject.wait(0) <= 60_000);
    assert.ok(subject.take(60) > 0);
    const skewed = new Subject();
    skewed.take(3, 12);
    assert.equal(skewed.take(0), 0);
  });

  it('whose window was changed begins anew', () => {
    const subject = new Subject();
    subject.take(0, 12);
    const now = start + 1000;
    assert.equal(bucketAt(subject.bucket, { ...rule, window: 1000 }, now).count, 0);
  });

  it('takes back what was not used', () => {
    const subject = new Subject();
    subject.take(0, 12);
    subject.bucket = giveBackTo(subject.bucket, rule, start + 1000);
    assert.equal(subject.take(1, 2), 1);
    subject.bucket = giveBackTo(subject.bucket, rule, start + 61_000);
    assert.equal(subject.bucket?.before, 11);
    assert.equal(giveBackTo(undefined, rule, start), undefined);
  });

  it('whatever comes: at most twice the limit in any window, and the wait that is told is enough', () => {
    const rules = fc.record({
      limit: fc.integer({ min: 1, max: 20 }),
      window: fc.constantFrom(1000, 60_000, 86_400_000),
    });
    const takes = fc.array(fc.record({ part: fc.double({ min: 0, max: 1.5, noNaN: true }), wanted: fc.nat(25) }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(rules, takes, ({ limit, window }, all) => {
        const used = { name: 'test', limit, window };
        const taken: number[] = [];
        let bucket: RateBucket | undefined;
        let now = start;
        for (const { part, wanted } of all) {
          now += Math.floor(part * window);
          const answer = takeFrom(bucket, used, wanted, now);
          bucket = answer.next ?? bucket;
          taken.push(...Array.from({ length: answer.taken }, () => now));
          assert.ok(taken.filter((time) => time > now - window).length <= 2 * limit);
          assert.equal(answer.refusal.allowed, answer.refusal.wait === 0);
          const later = now + answer.refusal.wait;
          assert.ok(allowance(bucketAt(bucket, used, later), used, later).allowed);
        }
      }),
    );
  });
});
