import assert from 'node:assert/strict';
import { retryWait } from '../../../lib/http/retry-after.js';

const now = Date.parse('2026-11-20T11:00:00Z');
const wait = (value: string | string[] | undefined): number | undefined =>
  retryWait({ headers: { 'retry-after': value } }, now);

describe('Retry-After', () => {
  it('says seconds', () => {
    assert.equal(wait('0'), 0);
    assert.equal(wait(' 90 '), 90_000);
    assert.equal(wait('99999999999'), 99_999_999_999_000);
  });

  it('says a date, in all three forms of HTTP and that of ISO 8601', () => {
    for (const date of [
      'Fri, 20 Nov 2026 11:01:00 GMT',
      'Friday, 20-Nov-26 11:01:00 GMT',
      '2026-11-20T11:01:00Z',
      '2026-11-20T12:01:00+01:00',
    ]) {
      assert.equal(wait(date), 60_000, date);
    }
  });

  it('is negative for a date that has passed', () => {
    assert.equal(wait('Fri, 20 Nov 2026 10:59:00 GMT'), -60_000);
  });

  it('counts once where a server says it several times', () => {
    assert.equal(wait(['5', '600']), 5_000);
  });

  it('is nothing where there is no usable one', () => {
    const texts = [
      '',
      ' ',
      'soon',
      '-5',
      '1.5',
      '5 s',
      'in 5',
      '2026-11-20',
      'Fri, 45 Nov 2026 11:01:00 GMT',
      '9'.repeat(400),
    ];
    for (const text of texts) assert.equal(wait(text), undefined, text);
    assert.equal(wait(undefined), undefined);
    assert.equal(wait([]), undefined);
  });
});
