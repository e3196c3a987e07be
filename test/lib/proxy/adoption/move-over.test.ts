import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { moveOver } from '../../../../lib/proxy/adoption/move-over.js';
import { startMoving } from '../../../../lib/proxy/adoption/moving.js';
import { adoptPhpCache, type PhpCache } from '../../../../lib/proxy/adoption/php-cache.js';
import { hashed } from '../../../../lib/proxy/ids.js';
import { openUsagePoints, places } from '../../../../lib/proxy/sealed.js';
import { authorize } from '../../../../lib/proxy/tokens/authorize.js';
import { refreshTokens } from '../../../../lib/proxy/tokens/refresh.js';
import { buildProgram } from '../../../support/child.js';
import { mongoDatabase, newDatabaseName, withDatabase } from '../../../support/mongodb.js';
import {
  clientId,
  earlierToken,
  endOf,
  openInstance,
  phpEntries,
  unknownToken,
  usagePointOf,
  type Instance,
} from './php-server.js';

describe('moving the PHP server’s tokens over', () => {
  const server = mongoDatabase();
  let uri: string;
  let instance: Instance;
  const now = Date.now();

  beforeEach(async () => {
    uri = withDatabase(server().uri, newDatabaseName());
    instance = await openInstance(uri);
  });
  afterEach(async () => {
    await instance.store.database.dropDatabase();
    await instance.store.close();
  });

  async function fill(count: number): Promise<PhpCache> {
    await instance.store.database.collection('cache').insertMany(phpEntries(count, now));
    return (await adoptPhpCache(instance.store.database)) ?? assert.fail();
  }

  const count = (collection: string): Promise<number> =>
    instance.store.database.collection(collection).countDocuments();

  /** Everything in the database as one text. */
  async function dump(): Promise<string> {
    const collections = await instance.store.database.collections();
    const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
    return JSON.stringify(documents);
  }

  async function refresh(token: string, earlier?: PhpCache): Promise<Readonly<Record<string, unknown>>> {
    const context = { ...instance.context, ...(earlier && { earlier }) };
    return (
      (await refreshTokens(context, { refreshToken: token, clientId })) ?? assert.fail('The token does not count.')
    );
  }

  it('keeps usage points, end and number of every token', async () => {
    const cache = await fill(20);
    const moved = await moveOver(instance.context, cache, { batch: 7 });
    assert.deepEqual(moved, { refreshTokens: 20, accessTokens: 1, dropped: 0, left: 0 });
    const { records, secrets } = instance.context;
    for (let number = 0; number < 20; number++) {
      const pointer = await records.refreshTokens.get(hashed(secrets, 'refresh_token', earlierToken(number)));
      assert.ok(pointer);
      const family = await records.tokenFamilies.get(pointer.family);
      assert.ok(family);
      const usagePoints = await openUsagePoints(secrets, family.usagePoints, places.familyUsagePoints(pointer.family));
      assert.deepEqual(usagePoints, [usagePointOf(number)]);
      assert.equal(family.expiresAt, endOf(number, now));
      const [consent = ''] = family.consents;
      const { source, live } = (await records.consents.get(consent)) ?? {};
      assert.deepEqual({ source, live }, { source: 'adopted', live: true });
    }
  });

  it('leaves nothing in clear', async () => {
    const cache = await fill(20);
    assert.match(await dump(), new RegExp(earlierToken(3)));
    await moveOver(instance.context, cache);
    const text = await dump();
    assert.equal(await count('cache'), 0);
    for (let number = -2; number < 20; number++) assert.ok(!text.includes(earlierToken(number)));
    for (let number = 0; number < 20; number++) assert.ok(!text.includes(usagePointOf(number)));
    assert.doesNotMatch(text, /enedis-secret|192\.0\.2\.7/);
  });

  it('lets a refresh token go on working before, during and after', async () => {
    const cache = await fill(10);
    const first = await refresh(earlierToken(1), cache);
    assert.equal(first['usage_points_id'], usagePointOf(1));
    const [second] = await Promise.all([refresh(earlierToken(2), cache), moveOver(instance.context, cache)]);
    assert.equal(second['usage_points_id'], usagePointOf(2));
    const third = await refresh(earlierToken(3));
    assert.equal(third['usage_points_id'], usagePointOf(3));
    for (const { refresh_token: next } of [first, second, third]) await refresh(String(next));
    assert.equal(await count('token_families'), 11);
  });

  it('lets an access token go on working', async () => {
    const cache = await fill(1);
    const token = earlierToken(-1);
    const before = await authorize({ ...instance.context, earlier: cache }, token);
    await moveOver(instance.context, cache);
    const after = await authorize(instance.context, token);
    const usagePoint = hashed(instance.context.secrets, 'usage_point', usagePointOf(0));
    assert.deepEqual([before?.usagePointHashes, after?.usagePointHashes], [[usagePoint], [usagePoint]]);
  });

  it('drops what has expired or stands for nothing', async () => {
    const cache = await fill(2);
    const late = (await adoptPhpCache(instance.store.database, () => endOf(0, now))) ?? assert.fail();
    await instance.store.database
      .collection('cache')
      .insertOne({ key: `refresh_token:${unknownToken()}`, value: 'nothing', expireAt: new Date(endOf(9, now)) });
    const context = { ...instance.context, now: () => endOf(0, now) };
    const moved = await moveOver(context, late);
    assert.deepEqual(moved, { refreshTokens: 1, accessTokens: 0, dropped: 3, left: 0 });
    assert.equal(await cache.left(), 0);
  });

  it('leaves codes of consents under way until they expire', async () => {
    const cache = await fill(1);
    const codes = ['ABCDEFGH', unknownToken(), 'state:0123456789abcdef0123456789abcdef.x'];
    const expireAt = new Date(now + 300_000);
    await instance.store.database.collection('cache').insertMany(codes.map((key) => ({ key, value: {}, expireAt })));
    assert.equal((await moveOver(instance.context, cache)).left, 3);
    const later = (await adoptPhpCache(instance.store.database, () => now + 300_000)) ?? assert.fail();
    assert.equal((await moveOver(instance.context, later)).left, 0);
  });

  it('leaves entries alone that the PHP server did not write', async () => {
    const cache = await fill(0);
    await instance.store.database.collection('cache').insertOne({ key: 'refresh_token:short', value: 'x' });
    assert.equal((await moveOver(instance.context, cache)).left, 0);
    assert.equal(await count('cache'), 1);
  });

  it('leaves tokens to their clients where it is open which one they belong to', async () => {
    const cache = await fill(3);
    const several = await openInstance(uri, { publicClients: { one: 'One', two: 'Two' } });
    assert.deepEqual(await moveOver(several.context, cache), {
      refreshTokens: 0,
      accessTokens: 0,
      dropped: 0,
      left: 4,
    });
    const request = { refreshToken: earlierToken(1), clientId: 'two' };
    assert.ok(await refreshTokens({ ...several.context, earlier: cache }, request));
    await several.store.close();
  });

  it('goes on in the background until nothing is left, whatever the PHP server adds', async () => {
    const cache = await fill(5);
    const lefts: number[] = [];
    let added = false;
    const slow: PhpCache = {
      find: (type, token) => cache.find(type, token),
      forget: (type, token) => cache.forget(type, token),
      forgetAll: (type, tokens) => cache.forgetAll(type, tokens),
      tokens: (type, after, limit) => cache.tokens(type, after, limit),
      tidy: () => cache.tidy(),
      left: async () => {
        if (!added) await instance.store.database.collection('cache').insertMany(phpEntries(8, now).slice(5));
        added = true;
        return cache.left();
      },
    };
    await startMoving(instance.context, slow, { wait: 1, onRound: ({ left }) => lefts.push(left) }).done;
    assert.ok((lefts[0] ?? 0) > 0);
    assert.equal(lefts.at(-1), 0);
    assert.equal(await count('refresh_tokens'), 8);
  });

  it('tells of a failure and goes on; stops when told', async () => {
    const cache = await fill(5);
    let broken = true;
    const failing: PhpCache = {
      find: (type, token) => cache.find(type, token),
      forget: (type, token) => cache.forget(type, token),
      forgetAll: (type, tokens) => cache.forgetAll(type, tokens),
      tokens: (type, after, limit) => cache.tokens(type, after, limit),
      tidy: () => (broken ? Promise.reject(new Error('no')) : cache.tidy()),
      left: () => cache.left(),
    };
    const failures: string[] = [];
    const onFailure = ({ code }: { code: string }): void => {
      failures.push(code);
      broken = false;
    };
    await startMoving(instance.context, failing, { wait: 1, onFailure }).done;
    assert.deepEqual(failures, ['internal']);
    broken = true;
    await startMoving(instance.context, failing, { wait: 3_600_000 }).stop();
  });

  it('can be killed in the middle of 5,000 tokens and finished by two at once', async function () {
    this.timeout(120_000);
    const cache = await fill(5_000);
    const program = await buildProgram(new URL('./mover.ts', import.meta.url));
    const child = program.start([uri]);
    while ((await count('refresh_tokens')) < 500) {
      assert.equal(child.process.exitCode, null, (await Promise.race([child.ended, pause(1)]))?.errors);
      await pause(5);
    }
    child.process.kill('SIGKILL');
    assert.equal((await child.ended).signal, 'SIGKILL');
    await program.remove();
    assert.ok((await count('cache')) > 1_000, 'it was killed too late for this test');
    const other = await openInstance(uri);
    const otherCache = (await adoptPhpCache(other.store.database)) ?? assert.fail();
    const rounds = await Promise.all([moveOver(instance.context, cache), moveOver(other.context, otherCache)]);
    assert.ok(rounds.every(({ refreshTokens: moved }) => moved > 0));
    await other.store.close();
    assert.deepEqual(
      await Promise.all(['cache', 'refresh_tokens', 'token_families', 'consents', 'access_tokens'].map(count)),
      [0, 5_000, 5_001, 5_000, 1],
    );
    const sample = Array.from({ length: 50 }, (_, index) => index * 100);
    const answers = await Promise.all(sample.map((number) => refresh(earlierToken(number))));
    assert.deepEqual(
      answers.map((answer) => answer['usage_points_id']),
      sample.map(usagePointOf),
    );
  });
});
