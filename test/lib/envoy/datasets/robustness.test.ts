import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EnergyError } from '../../../../lib/errors.js';
import { noDayState, updateDay } from '../../../../lib/envoy/datasets/day-counters.js';
import { batteryOf } from '../../../../lib/envoy/datasets/derived/battery.js';
import { gridOf } from '../../../../lib/envoy/datasets/derived/grid.js';
import { noQualityState, updateQuality } from '../../../../lib/envoy/datasets/quality.js';
import { probe, readDatasets } from '../../../../lib/envoy/datasets/registry.js';
import type { Facts } from '../../../../lib/envoy/datasets/types.js';
import { acBattery, acStorage, ensemblePaths, group, house } from './house.js';
import {
  bench,
  ct,
  deviceData,
  eim,
  gatewayInfo,
  inverterSum,
  listed,
  paths,
  pcu,
  reading,
  used,
  v1,
} from './support.js';

const everything: Readonly<Record<string, unknown>> = {
  ...house,
  [ensemblePaths.devices]: [group('ACB', acBattery('141000000001'))],
  [paths.meters]: [ct(1, 'production', 3), ct(2, 'storage', 3)],
  [paths.readings]: [
    { ...reading(1, 1, 2, 3), channels: [reading(11, 1, 2, 3), reading(12, 0, 0, 0)] },
    reading(2, 1, 2, 3),
  ],
  [paths.details]: {
    production: [inverterSum(3, 4, 5), eim(1, [1, 2, 3, 4], [[1, 2, 3, 4]])],
    storage: [acStorage],
    consumption: [used('net', [1, 2, 3, 4], [[1, 2, 3, 4]]), used('total', [1, 2, 3, 4], [[1, 2, 3, 4]])],
  },
  [paths.production]: { production: [inverterSum(3, 4, 5)] },
  [paths.v1]: v1([1, 2, 3, 4]),
  [paths.deviceData]: deviceData([pcu('1'), pcu('2')]),
  [paths.inverters]: [listed('1', 5)],
};

/** Every way into a document, from the root down. */
function places(document: unknown, here: readonly string[] = []): (readonly string[])[] {
  if (typeof document !== 'object' || document === null) return [here];
  return [here, ...Object.entries(document).flatMap(([key, value]) => places(value, [...here, key]))];
}

function replaced(document: unknown, place: readonly string[], value: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return value;
  if (Array.isArray(document))
    return document.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, value) : item));
  const fields = document as Record<string, unknown>;
  return { ...fields, [key]: replaced(fields[key], rest, value) };
}

function assertClean(value: unknown, where: string): void {
  assert.ok(value !== null && value !== undefined, `${where} is ${String(value)}`);
  if (typeof value === 'number') assert.ok(Number.isFinite(value) && !Object.is(value, -0), `${where} is ${value}`);
  if (typeof value === 'object') for (const [key, item] of Object.entries(value)) assertClean(item, `${where}.${key}`);
}

async function energyErrorOnly<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    assert.ok(error instanceof EnergyError, `not an error of the family: ${String(error)}`);
    assert.notEqual(error.code, 'internal');
    return undefined;
  }
}

/** A payload as it goes out: guarded, with what is derived from it and the energies of the day. */
function finished(payload: Readonly<Record<string, unknown>>): unknown {
  const first = updateQuality(noQualityState, { ...payload, readAt: 0 });
  const second = updateQuality(first.state, { ...payload, readAt: 60_000 });
  const options = { timeZone: 'UTC', rebased: second.rebased };
  const day = updateDay(updateDay(noDayState, first.payload, options).state, second.payload, options);
  return [day.payload, gridOf(day.payload) ?? {}, batteryOf(day.payload) ?? {}, second.warnings];
}

async function check(firmware: string, replies: Readonly<Record<string, unknown>>, facts?: Facts): Promise<void> {
  const { context, warnings } = bench(gatewayInfo(firmware, true), replies);
  const known = facts ?? (await energyErrorOnly(probe(context)));
  if (!known) return;
  const payload = await energyErrorOnly(readDatasets(context, known, []));
  if (payload) {
    assertClean(payload, 'payload');
    assertClean(finished(payload), 'finished');
  }
  for (const { code } of warnings) assert.notEqual(code, 'internal');
}

const firmwares = fc.constantFrom('3.17.3', '7.6.175', '8.2.4264', '8.3.6086');
const numbers = fc.constantFrom<unknown>(null, '', '5', -0, 0, -1, 1e308, Infinity, -1e308, 5e-324, 1.5, true, [], {}, [
  [],
]);
const anything = fc.oneof(numbers, fc.jsonValue({ maxDepth: 4 }));

describe('readers of arbitrary replies', () => {
  const ends = Object.keys(everything);
  const inside = ends.flatMap((path) => places(everything[path]).map((place) => ({ path, place })));

  it('give a clean payload or an error of the family, whatever one endpoint answers', async () => {
    const whole = fc.record({ firmware: firmwares, path: fc.constantFrom(...ends), reply: anything });
    await fc.assert(
      fc.asyncProperty(whole, ({ firmware, path, reply }) => check(firmware, { ...everything, [path]: reply })),
      { numRuns: 500 },
    );
  });

  it('give a clean payload or an error of the family, whatever stands in one place of a reply', async () => {
    const changes = fc.array(fc.record({ at: fc.constantFrom(...inside), value: anything }), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(firmwares, changes, async (firmware, list) => {
        const replies: Record<string, unknown> = { ...everything };
        for (const { at, value } of list) {
          if (places(replies[at.path]).some((place) => place.join() === at.place.join())) {
            replies[at.path] = replaced(replies[at.path], at.place, value);
          }
        }
        await check(firmware, replies);
        const facts = await probe(bench(gatewayInfo(firmware, true), everything).context);
        await check(firmware, replies, facts);
      }),
      { numRuns: 2000 },
    );
  });
});
