import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import type { Node, NodeStatus } from 'node-red';
import { AuthenticationError, authenticationCodes, EnergyError } from '../../../lib/errors.js';
import type { ReadResult } from '../../../lib/linky/reader/reader.js';
import { startOfDay } from '../../../lib/linky/paris.js';
import { readStatus, type ReadStatus } from '../../../nodes/linky-read/status.js';

type Catalog = { readonly [key: string]: string | Catalog };

const languages = readdirSync('locales');

function textsOf(language: string): Catalog {
  const catalog = JSON.parse(readFileSync(`locales/${language}/linky-read.json`, 'utf8')) as { status: Catalog };
  return catalog.status;
}

/** What a node shows in the end, as `fill text`. */
function shown(act: (show: ReadStatus) => void, language = 'en-US'): string {
  let last: NodeStatus | undefined;
  const node = { status: (status: NodeStatus) => (last = status) } as unknown as Node;
  const catalog = textsOf(language);
  act(
    readStatus(node, (key, values = {}) => {
      const found = key.split('.').reduce<Catalog | string | undefined>((inner, part) => {
        return typeof inner === 'object' ? inner[part] : undefined;
      }, catalog);
      assert.ok(typeof found === 'string', `${language} ${key}`);
      return found.replace(/__(\w+?)__/g, (_all, name: string) => String(values[name]));
    }),
  );
  assert.ok(typeof last === 'object');
  return `${String(last.fill)} ${String(last.text)}`;
}

const start = startOfDay('2026-11-19');
/** Numbers and days as people write them where the test runs. */
const kilowattHours = (25.9).toLocaleString();
const november19 = new Date(2026, 10, 19, 12).toLocaleDateString(undefined, { day: 'numeric', month: 'short' });
const last = `${kilowattHours} kWh · ${november19}`;
const usual: ReadResult = {
  usagePoint: '22516914714270',
  dataset: 'daily_consumption',
  readings: [{ start, end: startOfDay('2026-11-20'), value: 25_915, unit: 'Wh' }],
  meter: { usagePoint: '22516914714270' },
  missing: [],
  notes: [],
};
const results = (...changes: Partial<ReadResult>[]) =>
  shown((show) => show.results(changes.map((change) => ({ ...usual, ...change }))));

describe('the status of linky-read', () => {
  it('is the last value with its day', () => {
    assert.equal(results({}), `green ${last}`);
    const earlier = { start: start - 3_600_000, end: start, value: 1, unit: 'W' } as const;
    assert.equal(results({}, { readings: [earlier] }), `green ${last}`);
    const curve = { start: start + 84_600_000, end: start + 86_400_000, value: 418.4, unit: 'W' } as const;
    assert.equal(results({ readings: [earlier, curve] }), `green 418 W · ${november19}`);
  });

  it('is yellow where something is missing, and says why where there is nothing', () => {
    assert.equal(results({ missing: ['2026-11-18'] }), `yellow ${last}`);
    assert.equal(results({ readings: [] }), 'green nothing new');
    assert.equal(results({ readings: [], missing: ['2026-11-19'], notes: ['not_activated'] }), 'yellow no load curve');
    const problem = new AuthenticationError('rate_limited', 'Quota', { retryable: true });
    assert.equal(results({ readings: [], problem }), 'yellow quota used up');
  });

  it('tells how far a long read is, and until when it waits', () => {
    const step = { usagePoint: usual.usagePoint, dataset: usual.dataset, done: 12, total: 52 };
    assert.equal(
      shown((show) => show.progress(step)),
      'blue progress 12/52',
    );
    const until = new Date(2026, 10, 20, 14, 0).getTime();
    assert.match(
      shown((show) => show.progress({ ...step, waitingUntil: until })),
      /^yellow waiting until 0?(2:00.PM|14.00)$/,
    );
  });

  it('says in every language what is wrong, in few words and without a usage point', () => {
    for (const language of languages) {
      for (const code of authenticationCodes) {
        const text = shown((show) => show.failure(new AuthenticationError(code, usual.usagePoint)), language);
        assert.match(text, /^red .{3,22}$/);
        assert.doesNotMatch(text, /\d{4}/);
      }
      for (const code of ['invalid_argument', 'feature_not_available', 'request_refused', 'closed'] as const) {
        assert.match(
          shown((show) => show.failure(new EnergyError(code, '')), language),
          /^red .{3,22}$/,
        );
      }
    }
  });

  it('does not replace a value by the time of the next read', () => {
    const next = (show: ReadStatus): void => show.next(start);
    assert.match(shown(next), /^grey next read /);
    assert.equal(
      shown((show) => {
        show.results([usual]);
        next(show);
      }),
      `green ${last}`,
    );
  });
});
