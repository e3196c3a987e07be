import assert from 'node:assert/strict';
import { EnergyError } from '../../../lib/errors.js';
import { danceScript, openLinked, openScripted, refused, tokenReply } from './scripted-account.js';

const minute = 60_000;
const hour = 60 * minute;

function fails(code: string) {
  return (error: unknown) => error instanceof EnergyError && error.code === code;
}

describe('The kept tokens of an account', () => {
  it('count although they cannot be written, are written later, and the trouble is told once', async () => {
    let number = 1;
    const { account, clock, memory, told } = await openLinked(() => tokenReply(++number));
    memory.broken = true;
    assert.equal((await account.refresh()).accessToken, 'access-2');
    assert.equal((await account.refresh()).refreshToken, 'refresh-3');
    await clock.advance(2 * minute);
    assert.deepEqual(
      told.storage.map(({ code }) => code),
      ['storage_failed'],
    );
    assert.equal(memory.value?.tokens?.refreshToken, 'refresh-1');
    memory.broken = false;
    await clock.advance(hour);
    assert.equal(memory.value.tokens.refreshToken, 'refresh-3');
    await account.close();
  });

  it('that cannot be read are read when the disk is back, not written over', async () => {
    const before = await openLinked(() => undefined);
    await before.account.close();
    before.memory.broken = true;
    const { account } = await openScripted(() => undefined, before);
    await assert.rejects(account.tokens(), fails('storage_failed'));
    before.memory.broken = false;
    assert.equal((await account.tokens()).refreshToken, 'refresh-1');
    await account.close();
  });

  it('that could not be read are not written over by a dance', async () => {
    const before = await openLinked(() => undefined);
    await before.account.close();
    before.memory.broken = true;
    const { account } = await openScripted(danceScript([refused('authorization_pending')]), before);
    before.memory.broken = false;
    await account.start(1);
    assert.equal(before.memory.value?.tokens?.refreshToken, 'refresh-1');
    assert.ok(before.memory.value.dance);
    await account.close();
  });

  it('are not sent to another server', async () => {
    const { memory, clock, account } = await openLinked(() => undefined);
    await account.close();
    const other = { settings: { server: 'https://other.test' }, memory, clock };
    const moved = await openScripted(() => undefined, other);
    await assert.rejects(moved.account.tokens(), fails('credentials_missing'));
    await moved.account.setToken('of-the-other');
    await moved.account.close();
    const back = await openScripted(() => undefined, { memory, clock });
    assert.equal((await back.account.tokens()).accessToken, 'access-1');
    await back.account.close();
  });

  it('come from the credentials once, and again only where a person changes them', async () => {
    const given = { settings: { token: 'one' } };
    const first = await openScripted(() => undefined, given);
    assert.equal((await first.account.tokens()).accessToken, 'one');
    await first.account.forget();
    await first.account.close();
    const second = await openScripted(() => undefined, { ...given, memory: first.memory });
    await assert.rejects(second.account.tokens(), fails('credentials_missing'));
    await second.account.close();
    const third = await openScripted(() => undefined, { settings: { token: 'two' }, memory: first.memory });
    assert.equal((await third.account.tokens()).accessToken, 'two');
    await third.account.close();
  });
});
