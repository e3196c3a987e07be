import assert from 'node:assert/strict';
import { replyWait, retryAfter } from '../../../../lib/proxy/upstream/reply-wait.js';

const now = Date.parse('2026-11-20T11:00:00Z');
const reply = (value?: string, body = '') => ({
  status: 429,
  headers: { ...(value !== undefined && { 'retry-after': value }) },
  body,
});

describe('how long the upstream server is left alone', () => {
  it('is what its header says', () => {
    assert.equal(retryAfter(reply('17'), now), 17_000);
    assert.equal(retryAfter(reply('Fri, 20 Nov 2026 11:01:00 GMT'), now), 60_000);
    assert.equal(retryAfter(reply('Fri, 20 Nov 2026 10:59:00 GMT'), now), 0);
  });

  it('is nothing where the header is a moment by mistake', () => {
    assert.equal(retryAfter(reply(String(now / 1000)), now), undefined);
  });

  it('is what the body says where there is no header', () => {
    const quota = JSON.stringify({ code: 900804, nextAccessTime: '2026-Nov-20 12:00:00+0000 UTC' });
    assert.equal(replyWait(reply(undefined, quota), now), 3_600_000);
    assert.equal(replyWait(reply('5', quota), now), 5_000);
    assert.equal(replyWait(reply(), now), undefined);
  });
});
