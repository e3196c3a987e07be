import assert from 'node:assert/strict';
import { approve, claim, deny, newGrant, poll, redeem } from '../../../../lib/proxy/records/grants.js';
import { deviceGrants } from '../../../../lib/proxy/records/kinds.js';
import type { DeviceGrant } from '../../../../lib/proxy/records/types.js';
import { Kept } from './support.js';

const start = Date.UTC(2026, 10, 1);
const at = (seconds: number) => start + seconds * 1000;
const given = { clientId: 'CID', userCodeHash: 'user', interval: 5, lifetime: 300, requesterHash: 'address' };
const consent = { usagePoints: { hashes: ['p1'], sealed: 'sealed' }, consents: ['c1'] };

/** A dance whose steps are named by the second in which they happen. */
class Dance extends Kept<DeviceGrant> {
  constructor(lifetime = 300) {
    super(newGrant({ ...given, lifetime }, start));
  }
  poll(seconds: number, clientId = 'CID') {
    return this.change((grant) => poll(grant, clientId, at(seconds)));
  }
  claim(seconds: number) {
    return this.change((grant) => claim(grant, at(seconds)));
  }
  approve(seconds: number) {
    return this.change((grant) => approve(grant, consent, at(seconds)));
  }
  deny(seconds: number) {
    return this.change((grant) => deny(grant, 'refused_by_user', at(seconds)));
  }
  redeem(seconds: number, family = 'family', clientId = 'CID') {
    return this.change((grant) => redeem(grant, clientId, family, at(seconds)));
  }
}

describe('a device that polls', () => {
  it('#88 #89: is told to wait at once, the first poll is never too soon', () => {
    assert.deepEqual(new Dance().poll(0), { kind: 'pending', interval: 5 });
  });

  it('#90: has to slow down when it asks again after a second', () => {
    const dance = new Dance();
    dance.poll(0);
    assert.deepEqual(dance.poll(1), { kind: 'slow_down', interval: 10 });
  });

  it('#91: is not put off further by polls that were refused', () => {
    const dance = new Dance();
    assert.deepEqual(
      [0, 1, 5, 10].map((seconds) => dance.poll(seconds).kind),
      ['pending', 'slow_down', 'slow_down', 'pending'],
    );
    assert.deepEqual(dance.poll(20), { kind: 'pending', interval: 10 });
  });

  it('#92: is never refused at 5 s, nor a second sooner', () => {
    const dance = new Dance();
    for (let seconds = 0; seconds < 300; seconds += 5) assert.equal(dance.poll(seconds).kind, 'pending');
    const hasty = new Dance();
    for (let seconds = 0; seconds < 300; seconds += 4) assert.equal(hasty.poll(seconds).kind, 'pending');
  });

  it('never has to wait longer than 30 s', () => {
    const dance = new Dance(3600);
    let longest = 0;
    for (let seconds = 0; seconds < 600; seconds++) {
      const answer = dance.poll(seconds);
      if (answer.kind === 'slow_down') longest = Math.max(longest, answer.interval);
    }
    assert.equal(longest, 30);
  });

  it('#93: is told when the code has expired, even while somebody is at the consent page', () => {
    const dance = new Dance();
    assert.equal(dance.poll(299.999).kind, 'pending');
    assert.equal(dance.poll(300).kind, 'expired');
    const claimed = new Dance();
    claimed.claim(299);
    assert.equal(claimed.poll(300).kind, 'expired');
    assert.ok(claimed.value);
    assert.ok((deviceGrants.purgeAt(claimed.value) ?? 0) >= at(300 + 3600));
  });

  it('#100: learns nothing with the code of another client', () => {
    const dance = new Dance();
    assert.deepEqual(dance.poll(0, 'other'), { kind: 'unknown' });
    dance.claim(1);
    dance.approve(2);
    assert.deepEqual(dance.poll(3, 'other'), { kind: 'unknown' });
    assert.deepEqual(dance.redeem(3, 'family', 'other'), { kind: 'unknown' });
    assert.equal(dance.redeem(4).kind, 'approved');
    assert.deepEqual(
      new Kept<DeviceGrant>().change((grant) => poll(grant, 'CID', start)),
      { kind: 'unknown' },
    );
  });

  it('is answered at once when there is a decision, however soon it asks', () => {
    const dance = new Dance();
    dance.poll(0);
    dance.claim(0);
    dance.approve(0);
    assert.equal(dance.poll(0.1).kind, 'approved');
  });

  it('is neither held up nor let through for long by a clock that was set back', () => {
    const dance = new Dance(86_400);
    dance.poll(7200);
    assert.equal(dance.poll(3600).kind, 'pending');
    assert.equal(dance.poll(3601).kind, 'slow_down');
    assert.equal(dance.poll(3610).kind, 'pending');
    // Two instances whose clocks differ by three seconds.
    const skewed = new Dance();
    skewed.poll(3);
    assert.equal(skewed.poll(0).kind, 'slow_down');
  });
});

describe('a user code', () => {
  it('can be entered until it expires, again and again', () => {
    const dance = new Dance();
    assert.equal(dance.claim(0), 'claimed');
    assert.equal(dance.claim(299), 'claimed');
    assert.equal(dance.claim(300), 'unknown');
    assert.equal(dance.value?.completeUntil, at(899));
  });

  it('#51: does nothing once it has expired, was used or refused', () => {
    assert.equal(new Dance().claim(300), 'unknown');
    for (const decide of ['approve', 'deny'] as const) {
      const dance = new Dance();
      dance.claim(1);
      dance[decide](2);
      assert.equal(dance.claim(3), 'unknown');
    }
    assert.equal(
      new Kept<DeviceGrant>().change((grant) => claim(grant, start)),
      'unknown',
    );
  });

  it('does not shorten the life of a code that lives longer', () => {
    const dance = new Dance(900);
    dance.claim(10);
    assert.equal(dance.value?.completeUntil, at(900));
  });
});

describe('a consent', () => {
  it('counts until ten minutes after the code was entered, though the code has expired', () => {
    const dance = new Dance();
    dance.claim(290);
    assert.equal(dance.approve(889), 'approved');
    const late = new Dance();
    late.claim(290);
    assert.equal(late.approve(890), 'too_late');
  });

  it('needs that the code was entered', () => {
    assert.equal(new Dance().approve(1), 'too_late');
    assert.equal(
      new Kept<DeviceGrant>().change((grant) => approve(grant, consent, start)),
      'too_late',
    );
  });

  it('counts once: the first stays', () => {
    const dance = new Dance();
    dance.claim(1);
    dance.approve(2);
    const first = dance.value;
    assert.equal(dance.approve(3), 'already');
    assert.equal(dance.deny(3), false);
    assert.equal(dance.value, first);
    dance.redeem(4);
    assert.equal(dance.approve(5), 'already');
  });

  it('#55: that was refused is told to the device, with the reason', () => {
    const dance = new Dance();
    dance.claim(1);
    assert.equal(dance.deny(2), true);
    assert.deepEqual(dance.poll(3), { kind: 'denied', reason: 'refused_by_user' });
    assert.deepEqual(dance.redeem(3), { kind: 'denied', reason: 'refused_by_user' });
    assert.equal(dance.approve(4), 'too_late');
    assert.equal(dance.deny(4), false);
  });
});

describe('an approved code', () => {
  it('#97 #98: is redeemed by one only', () => {
    const dance = new Dance();
    dance.claim(1);
    dance.approve(2);
    assert.deepEqual(dance.redeem(3, 'first'), { kind: 'approved', approval: { ...consent, at: at(2) } });
    assert.deepEqual(dance.redeem(3, 'second'), { kind: 'redeemed' });
    assert.deepEqual(dance.poll(4), { kind: 'redeemed' });
    assert.equal(dance.value?.family, 'first');
  });

  it('is still won by the one who asks again since he did not learn of it', () => {
    const dance = new Dance();
    dance.claim(1);
    dance.approve(2);
    const first = dance.redeem(3, 'first');
    assert.deepEqual(dance.redeem(4, 'first'), first);
    assert.deepEqual(dance.redeem(4, 'first', 'other'), { kind: 'unknown' });
  });

  it('is redeemed by one only where there is no family', () => {
    const dance = new Dance();
    dance.claim(1);
    dance.approve(2);
    const take = () => dance.change((grant) => redeem(grant, 'CID', undefined, at(3)));
    assert.deepEqual([take().kind, take().kind], ['approved', 'redeemed']);
    const nameless = new Dance();
    nameless.claim(1);
    nameless.approve(2);
    assert.deepEqual([nameless.redeem(3, '').kind, nameless.redeem(3, '').kind], ['approved', 'redeemed']);
  });

  it('#99: can be redeemed for 120 s, or until the code expires, whichever is later', () => {
    const late = new Dance();
    late.claim(290);
    late.approve(400);
    assert.equal(late.poll(519.999).kind, 'approved');
    assert.equal(late.poll(520).kind, 'expired');
    assert.equal(late.redeem(520).kind, 'expired');
    assert.equal(late.redeem(519).kind, 'approved');
    const early = new Dance();
    early.claim(1);
    early.approve(2);
    assert.equal(early.redeem(299.999).kind, 'approved');
  });

  it('cannot be redeemed before', () => {
    const dance = new Dance();
    assert.equal(dance.redeem(1).kind, 'pending');
    dance.claim(2);
    assert.equal(dance.redeem(3).kind, 'pending');
    assert.equal(dance.redeem(300).kind, 'expired');
  });
});
