import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCalendar } from '../../../simulator/model/calendar.js';
import { shiftToHour } from '../../../simulator/model/clock.js';
import { repositoryRoot, temporaryUserDir } from '../../support/node-red/user-dir.js';

interface SceneValue {
  readonly serial: number;
  readonly shift: number;
  readonly gatewayPort?: number;
}

interface Scene {
  readonly value: SceneValue;
  readonly startAt: number;
  change(part: Partial<SceneValue>): void;
}

type OpenScene = (folder: string, options: object) => Scene;

const hour = 3_600_000;
const evening = Date.UTC(2026, 10, 21, 20);

describe('the scene of the demo', () => {
  let open: (folder: string, now: number) => Scene;
  before(async () => {
    const script = pathToFileURL(join(repositoryRoot, 'scripts/start/scene.mjs')).href;
    const { openScene } = (await import(script)) as { openScene: OpenScene };
    const calendar = createCalendar('Europe/Paris');
    open = (folder, now) => openScene(folder, { calendar, now, shiftToHour });
  });

  it('begins in the early afternoon, and goes on where it was at a later start', () => {
    const folder = temporaryUserDir();
    const first = open(folder, evening);
    assert.equal(first.startAt, 13);
    first.change({ gatewayPort: 4711 });
    const second = open(folder, evening + 2 * hour);
    assert.equal(second.startAt, 15);
    assert.deepEqual(second.value, { ...first.value, gatewayPort: 4711 });
    assert.deepEqual(open(folder, evening + 24 * hour).value, second.value);
  });

  it('is that of another gateway at the same address once the sun is down', () => {
    const folder = temporaryUserDir();
    const first = open(folder, evening);
    first.change({ gatewayPort: 4711 });
    const next = open(folder, evening + 4 * hour);
    assert.equal(next.startAt, 13);
    assert.equal(next.value.serial, first.value.serial + 1);
    assert.equal(next.value.gatewayPort, 4711);
  });

  it('begins afresh where its file is broken', () => {
    const folder = temporaryUserDir();
    writeFileSync(join(folder, 'simulator.json'), '{"serial": 1226');
    assert.equal(open(folder, evening).startAt, 13);
  });
});
