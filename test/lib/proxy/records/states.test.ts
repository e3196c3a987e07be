import assert from 'node:assert/strict';
import fc from 'fast-check';
import { beginCallback, endCallback, newAuthState, type CallbackAnswer } from '../../../../lib/proxy/records/states.js';
import type { AuthState } from '../../../../lib/proxy/records/types.js';
import { Kept } from './support.js';

const start = Date.UTC(2026, 10, 1);
const at = (seconds: number) => start + seconds * 1000;

/** A visit to the consent page whose callbacks are named by the second in which they come. */
class Visit extends Kept<AuthState> {
  constructor() {
    super(newAuthState({ grant: 'grant', browserHash: 'browser', expiresAt: at(600) }, start));
  }
  begin(seconds: number, autorisationHash?: string, browserHash: string | undefined = 'browser'): CallbackAnswer {
    return this.change((state) => beginCallback(state, { browserHash, autorisationHash, now: at(seconds) }));
  }
  end(outcome: 'done' | 'open' | 'failed'): boolean {
    return this.change((state) => endCallback(state, outcome));
  }
}

describe('a visit to the consent page', () => {
  it('#53: is unknown once it has expired', () => {
    assert.equal(new Visit().begin(599), 'begun');
    assert.equal(new Visit().begin(600), 'unknown');
    const none = new Kept<AuthState>();
    assert.equal(
      none.change((state) => beginCallback(state, { browserHash: 'browser', now: start })),
      'unknown',
    );
  });

  it('#72: cannot be ended, nor used up, by another browser or by one without a cookie', () => {
    const visit = new Visit();
    const before = visit.value;
    for (let index = 0; index < 10; index++) {
      assert.equal(visit.begin(1, `guess ${index}`, 'other'), 'other_browser');
      const noCookie = { browserHash: undefined, now: at(1) };
      assert.equal(
        visit.change((state) => beginCallback(state, noCookie)),
        'other_browser',
      );
    }
    assert.equal(visit.value, before);
    assert.equal(visit.begin(2, 'right'), 'begun');
  });

  it('#76: is worked on by one callback at a time', () => {
    const visit = new Visit();
    assert.deepEqual([visit.begin(1, 'a'), visit.begin(1, 'a'), visit.begin(20, 'a')], ['begun', 'busy', 'busy']);
    assert.equal(visit.end('done'), true);
    assert.equal(visit.begin(2, 'a'), 'done');
  });

  it('is taken over when whoever worked on it has not come back for 20 s', () => {
    const visit = new Visit();
    visit.begin(1, 'a');
    assert.equal(visit.begin(21, 'a'), 'begun');
  });

  it('is not held up by a clock that was set back', () => {
    const visit = new Visit();
    visit.begin(500, 'a');
    assert.equal(visit.begin(1, 'a'), 'begun');
  });

  it('#70: shows its end again, also after it has expired, to the same browser', () => {
    const visit = new Visit();
    visit.begin(1, 'a');
    visit.end('done');
    assert.equal(visit.begin(700, 'b'), 'done');
    assert.equal(visit.begin(700, 'b', 'other'), 'other_browser');
    assert.equal(visit.end('failed'), false);
    assert.equal(visit.end('open'), false);
  });

  it('#65: can be tried five times', () => {
    const visit = new Visit();
    for (let index = 0; index < 5; index++) {
      assert.equal(visit.begin(index, 'a'), 'begun');
      assert.equal(visit.end('open'), true);
    }
    assert.equal(visit.begin(6, 'a'), 'failed');
    assert.equal(visit.begin(7, 'a'), 'failed');
  });

  it('#75: is dead at the fourth different authorisation', () => {
    const visit = new Visit();
    for (const autorisation of ['a', 'b', 'a', 'c']) {
      assert.equal(visit.begin(1, autorisation), 'begun');
      visit.end('open');
    }
    assert.equal(visit.begin(2, 'd'), 'failed');
    assert.equal(visit.begin(3, 'a'), 'failed');
    assert.equal(visit.value?.autorisations.length, 3);
  });

  it('counts as done where the consent went through though another callback had taken over', () => {
    const visit = new Visit();
    visit.begin(1, 'a');
    visit.begin(22, 'a');
    assert.equal(visit.end('open'), true);
    assert.equal(visit.end('failed'), false);
    assert.equal(visit.end('done'), true);
    assert.equal(
      new Kept<AuthState>().change((state) => endCallback(state, 'done')),
      false,
    );
  });

  it('never has two callbacks at work at once, nor more than five in all, nor one after its end', () => {
    const happenings = fc.array(
      fc.record({
        what: fc.constantFrom('begin', 'begin', 'done', 'open', 'failed'),
        autorisation: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        pause: fc.integer({ min: 0, max: 30 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(happenings, (all) => {
        const visit = new Visit();
        let seconds = 0;
        let begun = 0;
        let workingUntil = 0;
        let over = false;
        for (const { what, autorisation, pause } of all) {
          seconds += pause;
          if (what === 'begin') {
            if (visit.begin(seconds, autorisation) !== 'begun') continue;
            begun += 1;
            assert.ok(!over && seconds >= workingUntil && begun <= 5);
            workingUntil = seconds + 20;
          } else if (visit.end(what)) {
            workingUntil = 0;
            over = what !== 'open';
          }
        }
      }),
    );
  });
});
