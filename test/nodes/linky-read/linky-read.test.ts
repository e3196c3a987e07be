import assert from 'node:assert/strict';
import type { Reading } from '../../../lib/linky/readings.js';
import { parisDay, startOfDay } from '../../../lib/linky/paris.js';
import { nextTimedRead } from '../../../lib/linky/reader/schedule.js';
import { LinkyFlow, type Message } from './linky-flow.js';

const house = '22516914714270';
const day = 24 * 3_600_000;

function readingsOf({ payload }: Message): readonly Reading[] {
  assert.ok(Array.isArray(payload), JSON.stringify(payload));
  return payload as Reading[];
}

function startsOf(message: Message): string[] {
  return readingsOf(message).map(({ start }) => parisDay(start));
}

describe('linky-read', () => {
  let flow: LinkyFlow | undefined;
  afterEach(async () => {
    await flow?.close();
    flow = undefined;
  });
  const start = async (...given: Parameters<typeof LinkyFlow.start>): Promise<LinkyFlow> =>
    (flow = await LinkyFlow.start(...given));

  it('gives the days of a range, with the meter, in the message that asked', async () => {
    const { ask, data, problems, world } = bound(await start({ dataset: 'daily_consumption', from: '-3d' }));
    assert.equal(await ask({ payload: 'go', topic: 'mine', keep: { it: 1 } }), undefined);
    const [message] = data;
    assert.ok(message && data.length === 1);
    assert.equal(message.topic, `linky/${house}/daily_consumption`);
    assert.deepEqual(startsOf(message), ['2026-11-17', '2026-11-18', '2026-11-19']);
    const truth = world.proxy.enedis.measured(house, '2026-11-19');
    const [, , last] = readingsOf(message);
    assert.equal(last?.unit, 'Wh');
    assert.equal(last.end - last.start, day);
    assert.equal(last.value, truth.consumption.energy);
    assert.equal((message['meter'] as { usagePoint: string }).usagePoint, house);
    assert.deepEqual(message['keep'], { it: 1 });
    assert.ok(!('missing' in message) && !('notes' in message));
    assert.deepEqual(problems, []);
  });

  it('lets the message choose the days', async () => {
    const { ask, data, world } = bound(await start({ dataset: 'daily_consumption', from: '-3d' }));
    await ask({ from: '2026-10-01', to: startOfDay('2026-10-03') });
    assert.deepEqual(data.map(startsOf), [['2026-10-01', '2026-10-02']]);
    assert.equal(world.account.sent.filter((each) => each.includes('daily_consumption?')).length, 1);
  });

  it('gives what is new since the last time where no day is chosen', async () => {
    const { ask, data, world } = bound(await start({ dataset: 'daily_consumption' }));
    await ask();
    await ask();
    world.proxy.clock.advance({ days: 1 });
    await ask();
    assert.deepEqual(
      data.map((message) => readingsOf(message).length),
      [7, 0, 1],
    );
    assert.deepEqual(data.slice(2).map(startsOf), [['2026-11-20']]);
  });

  it('sends a message for each meter, and each reading by itself where that is wanted', async () => {
    const options = { customer: 'two-points', usagePoints: ['12345678901234', '10284856584123'] };
    const { ask, data } = bound(await start({ dataset: 'daily_consumption', from: '-2d', emit: 'each' }, options));
    await ask({ parts: { id: 'outer', index: 0 } });
    assert.deepEqual(
      data.map(({ topic, payload }) => [topic, parisDay((payload as Reading).start)]),
      [
        ['linky/12345678901234/daily_consumption', '2026-11-18'],
        ['linky/12345678901234/daily_consumption', '2026-11-19'],
      ],
    );
    const parts = data.map((message) => message['parts'] as Record<string, unknown>);
    assert.deepEqual(
      parts.map(({ type, len, count, index, parts: outer }) => ({ type, len, count, index, outer })),
      [0, 1].map((index) => ({ type: 'array', len: 1, count: 2, index, outer: { id: 'outer', index: 0 } })),
    );
    assert.equal(parts[0]?.['id'], parts[1]?.['id']);
  });

  it('reads one meter of several, written with spaces', async () => {
    const options = { customer: 'two-points', usagePoints: ['12345678901234', '10284856584123'] };
    const properties = { dataset: 'daily_production', from: '-1d', usagePoint: '1028 4856 584 123' };
    const { ask, data } = bound(await start(properties, options));
    await ask();
    assert.deepEqual(
      data.map(({ topic }) => topic),
      ['linky/10284856584123/daily_production'],
    );
  });

  it('gives the contract as payload', async () => {
    const { ask, data } = bound(await start({ dataset: 'contract' }));
    await ask();
    const [message] = data;
    assert.ok(message);
    assert.equal(message.topic, `linky/${house}/contract`);
    assert.equal((message.payload as { usagePoint: string }).usagePoint, house);
    assert.deepEqual(message.payload, message['meter']);
  });

  it('says why there is no curve', async () => {
    const { ask, data } = bound(
      await start({ dataset: 'consumption_load_curve', from: '-7d' }, { customer: 'no-curve' }),
    );
    assert.equal(await ask(), undefined);
    assert.deepEqual(
      data.map(({ notes, payload }) => ({ notes, payload })),
      [{ notes: ['not_activated'], payload: [] }],
    );
  });

  it('tells the progress of a long read, as messages only where they are wanted', async () => {
    const { ask, data, statuses, load } = bound(await start({ dataset: 'consumption_load_curve', from: '-35d' }));
    await ask();
    assert.equal(data.length, 1);
    assert.ok(statuses.includes('status.progress'), statuses.join());
    await load({ dataset: 'consumption_load_curve', from: '-105d', to: '-35d', progress: true });
    await ask({ keep: true });
    const told = data.slice(1).filter(({ topic }) => topic === `linky/${house}/consumption_load_curve/progress`);
    assert.ok(told.length >= 5, String(told.length));
    const steps = told.map(({ payload }) => payload as { done: number; total: number });
    assert.ok(steps.every(({ done, total }) => total >= 10 && done <= total));
    assert.ok(told.every((message) => message['keep'] === true));
    assert.equal(data.at(-1)?.topic, `linky/${house}/consumption_load_curve`);
  });

  it('ends a read that is cancelled, and those that wait, and keeps what was read', async () => {
    const { ask, data, caught, node, until, statuses, world } = bound(
      await start({ dataset: 'consumption_load_curve', from: '-70d', progress: true }),
    );
    const [first, second] = [ask(), ask()];
    await until(() => data.length >= 4);
    node.receive({ topic: 'cancel' });
    await Promise.all([first, second]);
    assert.ok(data.every(({ topic }) => topic?.endsWith('/progress')));
    assert.deepEqual(caught, []);
    assert.equal(statuses.at(-1), 'status.cancelled');
    await ask();
    const whole = data.at(-1);
    assert.ok(whole && readingsOf(whole).length > 69 * 48);
    const curves = world.account.sent.filter((each) => each.includes('consumption_load_curve?'));
    assert.ok(new Set(curves).size >= curves.length - 1, 'what was read before was asked for again');
  });

  it('reads one after another, and asks for nothing twice', async () => {
    const { ask, data, world } = bound(await start({ dataset: 'consumption_load_curve', from: '-20d' }));
    await Promise.all([ask({ number: 1 }), ask({ number: 2, from: '-10d' }), ask({ number: 3 })]);
    assert.deepEqual(
      data.map((message) => message['number']),
      [1, 2, 3],
    );
    const { sent } = world.account;
    assert.equal(new Set(sent).size, sent.length, sent.join('\n'));
  });

  it('tells a missing consent on the second output, in the message that asked', async () => {
    const { ask, data, problems, caught, world } = bound(await start({ dataset: 'daily_consumption', from: '-3d' }));
    world.proxy.enedis.revokeConsent('consumption');
    assert.equal(await ask({ keep: true }), undefined);
    const [problem] = problems;
    assert.equal(problem?.topic, 'enedis/account/auth');
    const { code, retryable, account } = problem.payload as Record<string, unknown>;
    assert.deepEqual({ code, retryable, account }, { code: 'consent_expired', retryable: false, account: '…4270' });
    assert.equal((problem['error'] as { code: string }).code, 'consent_expired');
    assert.equal(problem['keep'], true);
    assert.doesNotMatch(JSON.stringify(problem), new RegExp(house));
    assert.deepEqual([data, caught], [[], []]);
  });

  it('gives what could be had beside what went wrong', async () => {
    const { ask, data, problems, world } = bound(await start({ dataset: 'daily_consumption', from: '-3d' }));
    await ask();
    await world.proxy.first.server.drain(0);
    await ask({ from: '-6d' });
    const message = data[1];
    assert.ok(message);
    assert.deepEqual(startsOf(message), ['2026-11-17', '2026-11-18', '2026-11-19']);
    assert.deepEqual(message['missing'], ['2026-11-14', '2026-11-15', '2026-11-16']);
    assert.deepEqual(message['notes'], ['incomplete']);
    assert.deepEqual(
      problems.map(({ payload }) => (payload as { code: string }).code),
      ['cloud_unavailable'],
    );
  });

  it('does not pass on what another node of its kind said', async () => {
    const { ask, data } = bound(await start({ dataset: 'daily_consumption', from: '-3d' }));
    await ask({ missing: ['2020-01-01'], notes: ['not_activated'], incomplete: ['2020-01-01'] });
    const [message] = data;
    assert.ok(message && !('missing' in message) && !('notes' in message) && !('incomplete' in message));
  });

  it('tells what is wrong with a message to Catch nodes', async () => {
    const { ask, data, world } = bound(await start({ dataset: 'daily_consumption' }));
    const caught = await ask({ from: 'next year' });
    assert.equal(caught?.code, 'invalid_argument');
    assert.match(caught.message, /msg\.from/);
    assert.deepEqual([data, world.account.sent], [[], []]);
  });

  it('tells that it has no account', async () => {
    const { ask, statuses, load } = bound(await start());
    await load({ account: '' });
    assert.equal((await ask())?.code, 'invalid_argument');
    assert.equal(statuses.at(-1), 'status.noAccount');
  });

  it('reads by itself at the time of the day, and keeps quiet where nothing is new', async () => {
    const { data, until, load, statuses, setClock, world } = bound(await start());
    const due = nextTimedRead(world.now, 'read');
    world.proxy.clock.advance({ seconds: (due - world.now) / 1000 });
    setClock(due - 200);
    await load({ dataset: 'daily_consumption', daily: true });
    await until(() => data.length > 0);
    assert.deepEqual(data.map(startsOf).flat().at(-1), '2026-11-20');
    await until(() => statuses.at(-1) === 'status.last');
    statuses.length = 0;
    setClock(due - 200);
    await load({ dataset: 'daily_consumption', daily: true });
    await until(() => statuses.includes('status.nothing'));
    assert.equal(data.length, 1);
  });

  it('is closed at once while Enedis keeps it waiting', async () => {
    const { ask, data, until, statuses, world } = bound(
      await start({ dataset: 'consumption_load_curve', from: '-70d', progress: true }),
    );
    world.proxy.enedis.faults.add({ kind: 'hang' }, { path: /load_curve|courbe|consumption/ });
    void ask();
    await until(() => statuses.includes('status.reading'));
    await flow?.close();
    flow = undefined;
    assert.ok(data.every(({ topic }) => topic?.endsWith('/progress')));
  });
});

/** The parts of a flow, so that tests read like sentences. */
function bound(flow: LinkyFlow) {
  return {
    ask: flow.ask.bind(flow),
    until: flow.until.bind(flow),
    load: flow.load.bind(flow),
    setClock: flow.setClock.bind(flow),
    data: flow.data,
    problems: flow.problems,
    caught: flow.caught,
    statuses: flow.statuses,
    world: flow.world,
    node: flow.node,
  };
}
