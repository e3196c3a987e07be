import assert from 'node:assert/strict';
import fc from 'fast-check';
import { needToken, releaseLease, renewalFailed, renewed } from '../../../../lib/proxy/records/application-token.js';
import type { ApplicationTokenRecord } from '../../../../lib/proxy/records/types.js';
import { Kept } from './support.js';

const start = Date.UTC(2026, 10, 1);
const at = (seconds: number) => start + seconds * 1000;

class Token extends Kept<ApplicationTokenRecord> {
  need(seconds: number, owner = 'one', refused?: string) {
    const need = { owner, now: at(seconds), ...(refused !== undefined && { refused }) };
    return this.change((record) => needToken(record, need));
  }
  store(seconds: number, tokenSealed: string, lifetime = 12_600, owner = 'one') {
    const given = { owner, tokenSealed, expiresAt: at(seconds + lifetime), now: at(seconds) };
    this.change((record) => renewed(record, given));
  }
  fail(seconds: number, owner = 'one') {
    return this.change((record) => renewalFailed(record, { owner, now: at(seconds) }));
  }
  release(owner = 'one') {
    return this.change((record) => releaseLease(record, owner));
  }
}

const use = (tokenSealed: string, expiresAt: number) => ({ kind: 'use', tokenSealed, expiresAt: at(expiresAt) });

describe("the application's token", () => {
  it('#148: is asked for by one caller; the others wait for it, then use it', () => {
    const token = new Token();
    assert.deepEqual(token.need(0, 'one'), { kind: 'renew' });
    assert.deepEqual(token.need(1, 'two'), { kind: 'wait', until: at(40) });
    token.store(2, 'first');
    assert.deepEqual(token.need(2, 'two'), use('first', 12_602));
  });

  it('#147: is renewed two minutes before its end; the others use the old one meanwhile', () => {
    const token = new Token();
    token.store(0, 'first');
    assert.equal(token.need(12_479, 'two').kind, 'use');
    assert.deepEqual(token.need(12_500, 'one'), { kind: 'renew' });
    assert.deepEqual(token.need(12_501, 'two'), use('first', 12_600));
    assert.deepEqual(token.need(12_570, 'two'), { kind: 'renew' });
    assert.deepEqual(token.need(12_600, 'three'), { kind: 'wait', until: at(12_610) });
  });

  it('#139 #140: that was refused is renewed once a minute at most', () => {
    const token = new Token();
    token.store(0, 'first');
    assert.deepEqual(token.need(30, 'one', 'first'), { kind: 'pause', until: at(60) });
    assert.deepEqual(token.need(61, 'one', 'first'), { kind: 'renew' });
    assert.deepEqual(token.need(61, 'two', 'first'), { kind: 'wait', until: at(101) });
    token.store(62, 'second');
    assert.equal(token.need(63, 'two', 'first').kind, 'use');
    assert.deepEqual(token.need(63, 'two', 'second'), { kind: 'pause', until: at(122) });
  });

  it('goes to the next caller where the one who asks for it has gone', () => {
    const token = new Token();
    token.need(0, 'one');
    assert.equal(token.need(39, 'two').kind, 'wait');
    assert.equal(token.need(40, 'two').kind, 'renew');
    assert.equal(token.release('one'), false);
    assert.equal(token.release('two'), true);
    assert.equal(token.need(41, 'three').kind, 'renew');
  });

  it('that comes late is used all the same', () => {
    const token = new Token();
    token.need(0, 'one');
    token.need(41, 'two');
    token.store(42, 'late', 12_600, 'one');
    assert.equal(token.need(43, 'three').kind, 'use');
    token.store(44, 'second', 12_600, 'two');
    assert.equal(token.value?.leaseOwner, undefined);
  });

  it('is asked for less and less often while it fails, then as usual', () => {
    const token = new Token();
    let seconds = 0;
    for (const pause of [5, 10, 20, 40, 60, 60]) {
      assert.deepEqual(token.need(seconds), { kind: 'renew' });
      assert.equal(token.fail(seconds), at(seconds + pause));
      assert.deepEqual(token.need(seconds + pause - 1, 'two'), { kind: 'pause', until: at(seconds + pause) });
      seconds += pause;
    }
    token.need(seconds);
    token.store(seconds, 'first', 100);
    assert.equal(token.need(seconds + 30).kind, 'use');
    assert.equal(token.need(seconds + 60).kind, 'renew');
    assert.equal(token.value?.failures, 0);
  });

  it('that fails to be renewed early is used until its end', () => {
    const token = new Token();
    token.store(0, 'first');
    token.need(12_500);
    token.fail(12_501);
    assert.deepEqual(token.need(12_502), use('first', 12_600));
    assert.equal(token.need(12_600).kind, 'renew');
  });

  it('is not held up by a clock that was set back', () => {
    const token = new Token();
    token.need(5000, 'one');
    assert.equal(token.need(0, 'two').kind, 'renew');
    token.fail(5000, 'two');
    assert.equal(token.need(0, 'one').kind, 'renew');
  });

  it('is never renewed by two at once, whatever happens, as long as renewals end within their lease', () => {
    const happenings = fc.array(
      fc.record({
        owner: fc.constantFrom('one', 'two', 'three'),
        what: fc.constantFrom('need', 'need', 'refused', 'store', 'fail'),
        pause: fc.integer({ min: 0, max: 100 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(happenings, (all) => {
        const token = new Token();
        let seconds = 0;
        let renewing: { owner: string; until: number } | undefined;
        for (const { owner, what, pause } of all) {
          seconds += pause;
          if (renewing && seconds >= renewing.until) renewing = undefined;
          if (what === 'need' || what === 'refused') {
            const answer = token.need(seconds, owner, what === 'refused' ? token.value?.tokenSealed : undefined);
            if (answer.kind !== 'renew') continue;
            assert.ok(!renewing || renewing.owner === owner);
            renewing = { owner, until: seconds + 40 };
          } else if (renewing?.owner === owner) {
            if (what === 'store') token.store(seconds, `token ${seconds}`, 300, owner);
            else token.fail(seconds, owner);
            renewing = undefined;
          }
        }
      }),
    );
  });
});
