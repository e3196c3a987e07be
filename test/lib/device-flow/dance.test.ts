import assert from 'node:assert/strict';
import {
  begin,
  due,
  issued,
  keptDance,
  polled,
  requestFailed,
  resume,
  sent,
  type DanceState,
  type IssuedCode,
  type PollOutcome,
  type Requesting,
  type Waiting,
} from '../../../lib/device-flow/dance.js';

const start = { now: Date.UTC(2026, 10, 20, 11), monotonic: 5_000_000 };
const after = (seconds: number, jump = 0) => ({
  now: start.now + (seconds + jump) * 1000,
  monotonic: start.monotonic + seconds * 1000,
});
const code: IssuedCode = {
  deviceCode: 'device',
  userCode: 'BCDF-GHJK',
  verificationUri: 'https://p.test/device',
  verificationUriComplete: 'https://p.test/device?code=BCDF-GHJK',
  lifetime: 300_000,
  interval: 5,
};

function waiting(state: DanceState): Waiting {
  assert.equal(state.kind, 'waiting');
  return state;
}

const first = (attempts = 3) => issued(begin(attempts, start), code, start);

/** The dance after answers that came one second after each poll was due. */
function afterAnswers(outcomes: readonly PollOutcome<string>[]): { state: Waiting; waits: number[] } {
  let state = first();
  let time = start.monotonic;
  const waits: number[] = [];
  for (const outcome of outcomes) {
    waits.push((state.at - time) / 1000);
    time = state.at + 1000;
    state = waiting(polled(sent(state), outcome, { now: start.now + time - start.monotonic, monotonic: time }).state);
  }
  return { state, waits: [...waits, (state.at - time) / 1000].slice(1) };
}

describe('The dance of a device', () => {
  it('waits for one interval before the first poll and after each answer', () => {
    assert.equal(first().at, start.monotonic + 5000);
    assert.deepEqual(due(first(), after(4.999).monotonic), { kind: 'sleep', milliseconds: 1 });
    assert.deepEqual(due(first(), after(5).monotonic), { kind: 'poll' });
    assert.deepEqual(afterAnswers([{ kind: 'pending' }, { kind: 'pending' }]).waits, [5, 5]);
  });

  it('has one request under way at most', () => {
    assert.deepEqual(due(sent(first()), after(60).monotonic), { kind: 'nothing' });
  });

  it('is slower for good after slow_down', () => {
    const { state, waits } = afterAnswers([{ kind: 'slow_down' }, { kind: 'pending' }, { kind: 'slow_down' }]);
    assert.deepEqual(waits, [10, 10, 15]);
    assert.equal(state.interval, 15);
  });

  it('takes an interval from an answer to be slower, never to be faster', () => {
    const answers = [
      { kind: 'pending', interval: 8 },
      { kind: 'pending', interval: 2 },
      { kind: 'slow_down', interval: 30 },
      { kind: 'slow_down', interval: 1 },
    ] as const;
    assert.deepEqual(afterAnswers(answers).waits, [8, 8, 30, 35]);
  });

  it('doubles the wait while the server does not answer, up to a minute, and is itself again after an answer', () => {
    const lost = { kind: 'trouble' } as const;
    const { state, waits } = afterAnswers([lost, lost, lost, lost, lost, { kind: 'pending' }]);
    assert.deepEqual(waits, [10, 20, 40, 60, 60, 5]);
    assert.equal(state.trouble, undefined);
    assert.equal(afterAnswers([lost]).state.trouble, 'offline');
  });

  it('never waits less in trouble than the interval that the server asked for', () => {
    const { waits } = afterAnswers([{ kind: 'pending', interval: 70 }, { kind: 'trouble' }]);
    assert.deepEqual(waits, [70, 70]);
  });

  it('waits as long as Retry-After says, and five seconds longer than usual where it says less or nothing', () => {
    const answers = [
      { kind: 'limited' },
      { kind: 'limited', retryAfter: 3000 },
      { kind: 'limited', retryAfter: 42_000 },
      { kind: 'pending' },
      { kind: 'trouble', retryAfter: 90_000 },
      { kind: 'slow_down', retryAfter: 1000 },
    ] as const;
    assert.deepEqual(afterAnswers(answers).waits, [10, 10, 42, 5, 90, 10]);
  });

  it('does not poll once the code is over, whatever the server says', () => {
    const late = { ...first(1), at: after(299).monotonic };
    assert.deepEqual(due(late, after(299.9).monotonic), { kind: 'poll' });
    assert.deepEqual(due(late, after(300).monotonic), { kind: 'expire' });
    const slow = { ...first(1), at: after(400).monotonic };
    assert.deepEqual(due(slow, after(10).monotonic), { kind: 'sleep', milliseconds: 290_000 });
  });

  it('renews a code that is over as often as it may', () => {
    const second = polled<string>(first(2), { kind: 'expired' }, after(300)).state as Requesting;
    assert.deepEqual([second.kind, second.attempt], ['requesting', 2]);
    const end = polled<string>(issued(second, code, after(301)), { kind: 'expired' }, after(601));
    assert.deepEqual(end, { state: { kind: 'idle' }, failure: { code: 'code_expired' } });
  });

  it('takes invalid_grant for the end of the code near the deadline, for trouble of the server before', () => {
    const say = (seconds: number) => polled<string>(first(1), { kind: 'invalid_grant' }, after(seconds)).failure?.code;
    assert.deepEqual(
      [say(100), say(289), say(290), say(305)],
      ['server_error', 'server_error', 'code_expired', 'code_expired'],
    );
  });

  it('ends with what was granted or refused', () => {
    assert.equal(polled(first(), { kind: 'granted', granted: 'tokens' }, after(20)).granted, 'tokens');
    const failure = { code: 'consent_denied' } as const;
    assert.deepEqual(polled<string>(first(), { kind: 'failed', failure }, after(20)), {
      state: { kind: 'idle' },
      failure,
    });
  });

  it('shows the true end after the wall clock was set, and does not live longer for it', () => {
    const state = waiting(polled<string>(first(), { kind: 'pending' }, after(5, -3600)).state);
    assert.equal(state.deadline, after(300).monotonic);
    assert.equal(state.expiresAt, after(300, -3600).now);
  });

  it('goes on after a restart for what is left by the wall clock, with the pause in force', () => {
    const { state } = afterAnswers([{ kind: 'slow_down' }]);
    const kept = JSON.parse(JSON.stringify(keptDance(state))) as NonNullable<ReturnType<typeof keptDance>>;
    const resumed = resume(kept, { now: start.now + 100_000, monotonic: 7 });
    assert.deepEqual([resumed.at, resumed.deadline, resumed.interval], [10_007, 200_007, 10]);
  });

  it('does not live longer after a restart with a clock that went back', () => {
    const kept = keptDance(first());
    assert.ok(kept);
    assert.equal(resume(kept, { now: 0, monotonic: 7 }).deadline, 300_007);
    assert.deepEqual(due(resume(kept, { now: start.now + 86_400_000, monotonic: 7 }), 7), { kind: 'expire' });
  });

  it('ends where its first request fails, and goes on trying to renew a code while the server is out of reach', () => {
    const failure = { code: 'cloud_unavailable' } as const;
    assert.deepEqual(requestFailed(begin(3, start), failure, true, start), { state: { kind: 'idle' }, failure });
    const renewal = polled<string>(first(2), { kind: 'expired' }, start).state as Requesting;
    const waits: number[] = [];
    let step = requestFailed(renewal, failure, true, start);
    let time = start.monotonic;
    while (step.state.kind === 'requesting') {
      waits.push((step.state.at - time) / 1000);
      time = step.state.at;
      step = requestFailed(sent(step.state), failure, true, { now: start.now, monotonic: time });
    }
    assert.deepEqual(waits.slice(0, 6), [5, 10, 20, 40, 60, 60]);
    assert.equal(step.failure, failure);
    assert.deepEqual(requestFailed(renewal, { code: 'client_rejected' }, false, start).state, { kind: 'idle' });
  });
});
