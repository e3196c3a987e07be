import assert from 'node:assert/strict';
import { isUsagePoint, lastDigits, maskUsagePoint } from '../../../lib/linky/usage-point.js';

describe('a usage point', () => {
  it('#60: is 14 digits and nothing else', () => {
    assert.ok(isUsagePoint('12345678901234'));
    for (const text of [
      '',
      '1234567890123',
      '123456789012345',
      '1234567890123a',
      '12345678901234\n',
      '１２３４５６７８９０１２３４',
    ]) {
      assert.ok(!isUsagePoint(text), text);
    }
  });

  it('shows its last four digits only', () => {
    assert.equal(lastDigits('12345678901234'), '1234');
    assert.equal(maskUsagePoint('12345678901234'), '…1234');
  });
});
