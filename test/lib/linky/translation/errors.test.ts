import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readFault } from '../../../../lib/linky/translation/errors.js';

const fault = (status: number, body: unknown) =>
  readFault(status, typeof body === 'string' ? body : JSON.stringify(body));

describe('errors of Enedis', () => {
  it('are told in both vocabularies, whichever they came in (check 138)', () => {
    const expected = {
      error: 'no_data_found',
      error_description: 'No measure found.',
      code: 'no_data_found',
      message: 'No measure found.',
    };
    const v5 = { error: 'no_data_found', error_description: 'No measure found.', error_uri: 'https://example.org/' };
    const current = { code: 'no_data_found', message: 'No measure found.' };
    for (const body of [v5, current, [current], { errors: [current] }, { error: current }]) {
      assert.deepEqual(fault(404, body).document, expected);
      assert.equal(fault(404, body).meaning, 'no_data');
    }
  });

  it('have codes as text, even where they are numbers', () => {
    assert.deepEqual(fault(401, { code: 900901, message: 'Invalid Credentials', description: 'Look it up' }), {
      meaning: 'application_token',
      document: {
        error: '900901',
        error_description: 'Invalid Credentials',
        code: '900901',
        message: 'Invalid Credentials',
      },
    });
  });

  it('are named by their status where nothing else is known', () => {
    for (const body of ['', '<html><body>Bad gateway</body></html>', 'Service Unavailable', 'null', '{}', '[]', '7']) {
      assert.deepEqual(fault(500, body).document, { error: 'enedis_error_500', code: 'enedis_error_500' });
      assert.equal(fault(404, body).meaning, 'trouble');
      assert.equal(fault(400, body).meaning, 'trouble');
    }
  });

  it('mean what the specification says', () => {
    const meanings = [
      [403, 'ADAM-DC-0007', 'no_consent'],
      [400, 'ADAM-DC-0007', 'no_consent'],
      [403, 'ADAM-DC-0008', 'no_consent'],
      [400, 'ADAM-ERR0061', 'no_consent'],
      [403, 'ADAM-ERR0075', 'objection'],
      [403, 'ADAM-DC-0009', 'objection'],
      [400, 'ADAM-ERR0123', 'request'],
      [400, 'ADAM-ERR0069', 'request'],
      [400, 'ADAM-DC-0015', 'request'],
      [404, 'STM-ERR-0000019', 'no_data'],
      [404, 'STM-ERR-0000014', 'no_data'],
      [404, '404', 'trouble'],
      [403, 'whatever', 'trouble'],
      [401, 'whatever', 'application_token'],
      [401, '900901', 'application_token'],
      [403, '900908', 'misconfigured'],
      [429, '900804', 'quota'],
      [503, '900800', 'quota'],
      [429, 'Quota Q4', 'quota'],
      [500, 'ADAM-DC-0500', 'trouble'],
      [500, 'technical_error', 'trouble'],
    ] as const;
    for (const [status, code, meaning] of meanings) {
      assert.equal(fault(status, { code, message: 'x' }).meaning, meaning, `${status} ${code}`);
      assert.equal(fault(status, { error: code }).meaning, meaning, `${status} ${code}`);
    }
    const text = { error: 'access_denied', error_description: 'No consent can be found for this customer' };
    assert.equal(fault(403, text).meaning, 'no_consent');
  });

  it('say when the next call is allowed', () => {
    const at = Date.UTC(2026, 10, 5, 10, 30);
    for (const nextAccessTime of [
      '2026-Nov-05 10:30:00+0000 UTC',
      '2026-Nov-5 11:30:00+0100',
      '2026-11-05T10:30:00Z',
      String(at),
      at / 1000,
    ]) {
      assert.equal(fault(429, { code: 900804, nextAccessTime }).nextAccess, at, String(nextAccessTime));
    }
    const description = 'You have exceeded your quota .You can access API after 2026-Nov-05 10:30:00+0000 UTC';
    assert.equal(fault(429, { fault: { code: 900807, description } }).nextAccess, at);
    assert.equal(fault(429, { code: 900804, nextAccessTime: 'soon' }).nextAccess, undefined);
  });

  it('are read without a throw, whatever comes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.oneof(fc.json(), fc.string()), (status, body) => {
        const { document } = readFault(status, body);
        assert.ok(document.error.length > 0 && document.error === document.code);
      }),
      { numRuns: 300 },
    );
  });
});
