import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ModelWorld, type Fault } from './model-world.js';
import { settle } from './virtual-clock.js';

type Step =
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly latency: number }
  | { readonly kind: 'jump'; readonly milliseconds: number }
  | { readonly kind: 'start' | 'consent' | 'read' | 'refresh' | 'kill' };

const faults: readonly Fault[] = ['none', 'unreachable', 'unanswered', 'down', 'busy', 'slow_down', 'garbled'];
const time = (max: number) =>
  fc.record({ kind: fc.constant('time' as const), milliseconds: fc.integer({ min: 0, max }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: time(1500) },
  { weight: 4, arbitrary: time(30_000) },
  { weight: 2, arbitrary: time(14_400_000) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      fault: fc.constantFrom(...faults),
      latency: fc.integer({ min: 0, max: 20_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), milliseconds: fc.integer({ min: 0, max: 1e7 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('start', 'consent', 'read', 'refresh', 'refresh', 'kill' as const) }),
  },
);

const target = { url: new URL('https://p.test/data') };
const ignored = () => undefined;

async function apply(world: ModelWorld, each: Step): Promise<void> {
  if (each.kind === 'time') await world.clock.advance(each.milliseconds);
  else if (each.kind === 'jump') world.clock.jump(each.milliseconds);
  else if (each.kind === 'fault') world.addFault(each.fault, each.latency);
  else if (each.kind === 'kill') await world.kill();
  else if (each.kind === 'start') void world.account.start(3).catch(ignored);
  else if (each.kind === 'refresh') void world.account.refresh().catch(ignored);
  else if (each.kind === 'read')
    void Promise.all([world.account.send(target), world.account.send(target)]).catch(ignored);
  else if (world.server.code) world.server.code.consented = true;
  await settle();
}

/** Runs the steps against a client that is linked. */
async function run(steps: readonly Step[]): Promise<ModelWorld> {
  const world = await ModelWorld.open();
  await world.link();
  await world.clock.advance(20_000);
  for (const each of steps) await apply(world, each);
  return world;
}

describe('An account, whatever happens', () => {
  it('keeps to the pace and the end of every code, loses no refresh token, and renews once at a time', async () => {
    let [polls, refreshes] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const world = await run(steps);
        assert.deepEqual(world.server.breaches, []);
        world.heal();
        await world.clock.advance(4 * 3_600_000);
        const read = world.account.send(target);
        await world.clock.advance(10_000);
        assert.equal((await read).status, 200);
        assert.deepEqual(world.server.breaches, []);
        polls += world.server.polls;
        refreshes += world.server.refreshes;
        await world.account.close();
      }),
      { numRuns: 60 },
    );
    assert.ok(polls > 100 && refreshes > 100, `${polls} polls, ${refreshes} refreshes`);
  });
});
