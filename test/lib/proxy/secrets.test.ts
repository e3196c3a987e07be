import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { newToken } from '../../../lib/proxy/codes.js';
import { createSecrets } from '../../../lib/proxy/secrets.js';

const hashKey = randomBytes(32);
const key = randomBytes(32);
const secrets = createSecrets({ hashKey, encryptionKeys: [key] });
const place = 'token_families:one:usage_points';
const unreadable = { code: 'storage_failed' };

describe('secrets of the proxy', () => {
  it('ids are HMAC-SHA256 of kind and secret, and differ by kind and by key', () => {
    const expected = createHmac('sha256', hashKey).update('device_code:abc').digest('base64url');
    assert.equal(secrets.hash('device_code', 'abc'), expected);
    assert.notEqual(secrets.hash('user_code', 'abc'), expected);
    const others = createSecrets({ hashKey: randomBytes(32), encryptionKeys: [key] });
    assert.notEqual(others.hash('device_code', 'abc'), expected);
  });

  it('a sealed text opens in its place and in no other', async () => {
    const sealed = await secrets.seal('["12345678901234"]', place);
    assert.equal(await secrets.open(sealed, place), '["12345678901234"]');
    for (const other of ['', 'token_families:two:usage_points', `${place} `]) {
      await assert.rejects(secrets.open(sealed, other), unreadable);
    }
  });

  it('a sealed text shows neither what is in it nor its place', async () => {
    const sealed = await secrets.seal('["12345678901234"]', place);
    const parts = sealed.split('.').map((part) => Buffer.from(part, 'base64url').toString('latin1'));
    for (const hidden of ['12345678901234', 'token_families']) assert.ok(!parts.join(' ').includes(hidden));
  });

  it('a text that was changed, or is none, is said to be unreadable without a word of it', async () => {
    const sealed = await secrets.seal('secret', place);
    for (const broken of [
      '',
      'secret-like',
      sealed.slice(0, -4),
      sealed.replace(/\.[^.]*$/, '.AAAAAAAAAAAAAAAAAAAAAA'),
    ]) {
      await assert.rejects(secrets.open(broken, place), (error: Error) => {
        assert.equal((error as { code?: string }).code, 'storage_failed');
        return !error.message.includes('secret-like');
      });
    }
  });

  it('after a change of keys the old texts open, new ones need the new key', async () => {
    const next = randomBytes(32);
    const rotated = createSecrets({ hashKey, encryptionKeys: [next, key] });
    assert.equal(await rotated.open(await secrets.seal('old', place), place), 'old');
    const sealed = await rotated.seal('new', place);
    assert.equal(await createSecrets({ hashKey, encryptionKeys: [next] }).open(sealed, place), 'new');
    await assert.rejects(secrets.open(sealed, place), unreadable);
  });

  it('a text under a token opens with this token only, and in its place', async () => {
    const token = newToken();
    const sealed = await secrets.sealUnder(token, 'the next token', place);
    const anotherInstance = createSecrets({ hashKey: randomBytes(32), encryptionKeys: [randomBytes(32)] });
    assert.equal(await anotherInstance.openUnder(token, sealed, place), 'the next token');
    await assert.rejects(secrets.openUnder(newToken(), sealed, place), unreadable);
    await assert.rejects(secrets.openUnder(token, sealed, 'elsewhere'), unreadable);
    await assert.rejects(secrets.open(sealed, place), unreadable);
    assert.ok(!Buffer.from(sealed.split('.')[0] ?? '', 'base64url').includes(token));
  });
});
