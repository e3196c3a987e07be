import assert from 'node:assert/strict';
import { ask } from '../envoy/conversation.js';
import { ids } from '../envoy/flow.js';
import { openState, sealedState, watchState } from '../envoy/kept-state.js';
import { Scene } from '../envoy/scene.js';
import { fastClock, placeAtNoon } from './clock.js';

type Fields = Readonly<Record<string, unknown>>;

interface Reading {
  readonly lifetime: number | undefined;
  readonly production: number;
  readonly since: number;
  readonly warnings: readonly Fields[];
}

/** A minute passes in a second. */
const speed = 60;

async function read(scene: Scene): Promise<Reading> {
  const { from, payload, error } = await ask(scene.nodeRed);
  assert.equal(from, ids.data, JSON.stringify(error));
  const { wattHoursLifetime: lifetime } = payload['production'] as { wattHoursLifetime?: number };
  const { productionWattHours, since } = payload['today'] as { productionWattHours?: number; since: number };
  const warnings = (payload['warnings'] ?? []) as Fields[];
  return { lifetime, production: productionWattHours ?? Number.NaN, since, warnings };
}

/** Resolves when the counters of a gateway are on the disk. */
async function countersKept({ userDir }: Scene): Promise<void> {
  const watch = watchState(userDir);
  try {
    for (;;) {
      const changed = watch.next('state');
      if ((await openState(sealedState(userDir))).counters !== undefined) return;
      await changed;
    }
  } finally {
    watch.stop();
  }
}

/** Moves the lifetime counter of production by so many Wh, until the faults are cleared. */
function move({ gateway }: Scene, wattHours: number): void {
  const edit = (body: string): string => {
    const report = JSON.parse(body) as { production: { type: string; whLifetime: number }[] };
    for (const entry of report.production) if (entry.type === 'eim') entry.whLifetime += wattHours;
    return JSON.stringify(report);
  };
  gateway.faults.add({ kind: 'edited', edit }, { path: '/production.json' });
}

describe('the counters of a gateway', () => {
  let scene: Scene;
  let first: Reading;

  before(async () => {
    const clock = fastClock(speed);
    scene = await Scene.set({
      gateway: { ...placeAtNoon(), startAt: 11, clock: clock.now },
      nodeRed: { env: clock.env('real') },
    });
    await scene.start();
    first = await read(scene);
    assert.equal(first.production, 0, 'counting begins with the first reading');
  });
  after(() => scene.end());

  const endings: readonly [string, () => Promise<void>][] = [
    ['a kill', () => scene.nodeRed.kill()],
    ['a stop', () => scene.nodeRed.stop()],
  ];
  for (const [what, end] of endings) {
    it(`the energy of the day goes on after ${what}, with what was produced meanwhile`, async () => {
      await countersKept(scene);
      await end();
      await scene.startAgain();
      const { lifetime = 0, production, since, warnings } = await read(scene);
      assert.deepEqual(warnings, []);
      assert.equal(since, first.since);
      assert.ok(production > 0);
      assert.ok(Math.abs(production - (lifetime - (first.lifetime ?? 0))) <= 1, `${production} Wh`);
    });

    for (const [kind, step] of [
      ['went backwards', -100_000],
      ['jumped', 10_000_000],
    ] as const) {
      it(`a counter that ${kind} during ${what} is left out, and believed again once it is back`, async () => {
        await end();
        move(scene, step);
        await scene.startAgain();
        const wrong = await read(scene);
        assert.equal(wrong.lifetime, undefined);
        assert.deepEqual(
          wrong.warnings.map(({ part, code }) => ({ part, code })),
          [{ part: 'production', code: 'data_quality' }],
        );
        assert.match(String(wrong.warnings[0]?.['message']), new RegExp(kind));

        scene.gateway.faults.clear();
        const { lifetime = 0, production, since, warnings } = await read(scene);
        assert.deepEqual(warnings, []);
        assert.equal(since, first.since);
        assert.ok(Math.abs(production - (lifetime - (first.lifetime ?? 0))) <= 1, `${production} Wh`);
      });
    }
  }
});
