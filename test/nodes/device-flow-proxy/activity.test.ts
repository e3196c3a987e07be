import assert from 'node:assert/strict';
import type { ProxyEvent } from '../../../lib/proxy/events.js';
import type { ProxyHealth } from '../../../lib/proxy/proxy.js';
import { Activity, shownStatus } from '../../../nodes/device-flow-proxy/activity.js';

const noon = Date.UTC(2026, 10, 20, 11);
const minute = 60_000;
const well: ProxyHealth = { storage: 'ok', upstream: {} };

describe('the status of a device-flow-proxy', () => {
  let activity: Activity;
  beforeEach(() => {
    activity = new Activity(300);
  });

  const note = (name: ProxyEvent['name'], dance: string, at = noon) => activity.note({ name, at, dance });
  const shown = (health = well, now = noon) => shownStatus(activity, health, now);

  it('counts the codes that wait for a consent, until they end', () => {
    assert.deepEqual([shown().fill, shown().key], ['green', 'ready']);
    note('issued', 'a');
    note('issued', 'b', noon + minute);
    note('issued', 'c', noon + minute);
    assert.deepEqual([shown().key, shown().values['codes']], ['pending', 3]);
    note('denied', 'b');
    note('refreshed', 'z');
    assert.equal(shown().values['codes'], 2);
    assert.equal(activity.nextEnd(), noon + 5 * minute);
    assert.equal(shown(well, noon + 5 * minute).values['codes'], 1);
    assert.equal(shown(well, noon + 6 * minute).key, 'ready');
    assert.equal(activity.nextEnd(), undefined);
  });

  it('shows the last consent: its time today, its day later', () => {
    note('issued', 'a');
    note('issued', 'b');
    note('consented', 'a', noon);
    assert.equal(shown().key, 'pendingConsent');
    assert.match(String(shown().values['at']), /\d{1,2}:\d{2}/);
    const later = shown(well, noon + 3 * 24 * 60 * minute);
    assert.equal(later.key, 'consent');
    assert.doesNotMatch(String(later.values['at']), /:/);
  });

  it('is yellow while the server behind fails, red when that lasts, green again with its next answer', () => {
    const upstream = (ago: number, since?: number): ProxyHealth => ({
      storage: 'ok',
      upstream: {
        lastFailureAt: noon - ago,
        lastFailure: 'timeout',
        ...(since !== undefined && { lastSuccessAt: noon - since }),
      },
    });
    assert.deepEqual([shown(upstream(0, minute)).fill, shown(upstream(0, minute)).key], ['yellow', 'upstream']);
    assert.equal(shown(upstream(0, minute)).values['failure'], 'timeout');
    assert.equal(shown(upstream(0, 10 * minute)).fill, 'red');
    assert.equal(shown(upstream(0)).fill, 'red');
    assert.equal(shown(upstream(minute, 0)).fill, 'green');
  });

  it('is red without a store, whatever else there is', () => {
    note('issued', 'a');
    assert.deepEqual(
      [shown({ ...well, storage: 'failed' }).fill, shown({ ...well, storage: 'failed' }).key],
      ['red', 'storage'],
    );
  });
});
