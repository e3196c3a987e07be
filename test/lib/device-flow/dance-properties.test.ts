import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  begin,
  due,
  issued,
  keptDance,
  polled,
  resume,
  sent,
  type KeptDance,
  type PollOutcome,
  type Waiting,
} from '../../../lib/device-flow/dance.js';

const lifetime = 300_000;
const code = {
  deviceCode: 'device',
  userCode: 'BCDF-GHJK',
  verificationUri: 'https://p.test/device',
  verificationUriComplete: 'https://p.test/device',
  lifetime,
};

type Passing = Extract<PollOutcome<string>, { kind: 'pending' | 'slow_down' | 'limited' | 'trouble' }>;

type Event =
  /** Time passes, less than what the dance wants to sleep or more. */
  | { readonly kind: 'time'; readonly milliseconds: number }
  /** The next poll is answered like this, after so long. */
  | { readonly kind: 'answer'; readonly outcome: Passing; readonly latency: number }
  /** Somebody sets the wall clock. */
  | { readonly kind: 'jump'; readonly milliseconds: number }
  /** The process ends and starts again. */
  | { readonly kind: 'restart'; readonly down: number };

const seconds = fc.integer({ min: 1, max: 40 });
const retryAfter = fc.integer({ min: 0, max: 120_000 });
const outcome: fc.Arbitrary<Passing> = fc.oneof(
  fc.record({ kind: fc.constantFrom('pending' as const, 'slow_down' as const) }),
  fc.record({ kind: fc.constantFrom('pending' as const, 'slow_down' as const), interval: seconds }),
  fc.record({ kind: fc.constantFrom('limited' as const, 'trouble' as const) }),
  fc.record({ kind: fc.constantFrom('pending' as const, 'limited' as const, 'trouble' as const), retryAfter }),
);
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('time' as const), milliseconds: fc.integer({ min: 0, max: 90_000 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      outcome,
      latency: fc.integer({ min: 0, max: 30_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), milliseconds: fc.integer({ min: -1e7, max: 1e7 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), down: fc.integer({ min: 0, max: 60_000 }) }),
  },
);

/** A dance driven as its runner drives it, beside a record of what the rules of RFC 8628 allow. */
class DrivenDance {
  time = 1_000_000;
  wall = 1_700_000_000_000;
  state: Waiting;
  kept: KeptDance | undefined;
  over = false;
  polls = 0;
  /** What the rules allow: kept apart from the state. */
  interval: number;
  earliest: number;
  deadline: number;
  /** Whether the wall clock went back after what is kept was written: then nobody can know how much time is left. */
  wallWentBack = false;
  /** Whether it went back at all since the start of the process: by less than two seconds that is not kept. */
  wallMoved = false;

  constructor(interval: number) {
    this.interval = interval * 1000;
    this.state = issued(begin(1, this.moment), { ...code, interval }, this.moment);
    this.kept = keptDance(this.state);
    this.earliest = this.time + this.interval;
    this.deadline = this.time + lifetime;
  }

  get moment() {
    return { now: this.wall, monotonic: this.time };
  }

  pass(milliseconds: number): void {
    this.time += milliseconds;
    this.wall += milliseconds;
  }

  apply(event: Event): void {
    if (event.kind === 'time') this.pass(event.milliseconds);
    else if (event.kind === 'jump') this.jump(event.milliseconds);
    else if (event.kind === 'restart') this.restart(event.down);
    else this.poll(event.outcome, event.latency);
  }

  jump(milliseconds: number): void {
    this.wall += milliseconds;
    this.wallWentBack ||= milliseconds < 0;
    this.wallMoved ||= milliseconds < 0;
  }

  restart(down: number): void {
    this.pass(down);
    if (!this.kept || this.over) return;
    if (this.wallWentBack) this.deadline = Math.max(this.deadline, this.time + lifetime);
    if (this.wallMoved) this.deadline += 2000;
    this.wallMoved = false;
    this.state = resume(this.kept, this.moment);
    this.earliest = Math.max(this.earliest, this.time + this.interval);
  }

  /** Sleeps as it is told, then polls if it may. */
  poll(answer: Passing, latency: number): void {
    for (let next = this.due(); next.kind !== 'poll'; next = this.due()) {
      if (this.over || next.kind !== 'sleep') return;
      this.pass(next.milliseconds);
    }
    assert.ok(this.time >= this.earliest, `polled ${this.earliest - this.time} ms too early`);
    assert.ok(this.time < this.deadline, `polled ${this.time - this.deadline} ms after the deadline`);
    this.polls++;
    const busy = sent(this.state);
    assert.equal(due(busy, this.time + latency).kind, 'nothing');
    this.pass(latency);
    const { state } = polled<string>(busy, answer, this.moment);
    assert.equal(state.kind, 'waiting');
    this.state = state;
    this.kept = keptDance(state);
    this.wallWentBack = false;
    this.allow(answer);
  }

  due() {
    const next = due(this.state, this.time);
    if (next.kind === 'expire') {
      this.over = true;
    }
    return next;
  }

  allow(answer: Passing): void {
    const before = this.interval;
    if (answer.kind === 'slow_down') this.interval += 5000;
    if ('interval' in answer) this.interval = Math.max(this.interval, (answer.interval ?? 0) * 1000);
    const asked = answer.kind === 'limited' || answer.retryAfter !== undefined;
    const least = asked ? Math.max(before + 5000, answer.retryAfter ?? 0) : 0;
    const doubled = answer.kind === 'trouble' ? Math.min(60_000, 2 * before) : 0;
    this.earliest = this.time + Math.max(this.interval, least, doubled);
  }
}

describe('The dance of a device, whatever happens', () => {
  it('never polls faster than the interval in force, and never after the deadline', () => {
    let polls = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(event, { maxLength: 60 }), (interval, events) => {
        const dance = new DrivenDance(interval);
        for (const each of events) dance.apply(each);
        polls += dance.polls;
      }),
      { numRuns: 2000 },
    );
    assert.ok(polls > 2000, String(polls));
  });

  it('comes to its end by itself where the server only ever says that it is not over', () => {
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 5 }), (answers) => {
        const dance = new DrivenDance(5);
        for (let turn = 0; !dance.over; turn++) {
          assert.ok(turn < 400);
          dance.poll(answers[turn % answers.length] ?? { kind: 'pending' }, 0);
        }
        assert.ok(dance.time >= dance.deadline && dance.time <= dance.deadline + 1);
      }),
    );
  });
});
