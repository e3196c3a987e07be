import assert from 'node:assert/strict';
import { MongoClient, type Collection, type Document } from 'mongodb';
import { adoptPhpCache, type PhpCache } from '../../../../lib/proxy/adoption/php-cache.js';
import { readExpiry, readUsagePoints } from '../../../../lib/proxy/adoption/php-documents.js';
import { mongoDatabase } from '../../../support/mongodb.js';
import { earlierToken, unknownToken } from './php-server.js';

const now = Date.UTC(2026, 10, 21);
const [one, two] = ['12345678901234', '00345678901234'];

describe('values of the PHP server', () => {
  for (const [name, value, expected] of [
    ['one usage point', one, [one]],
    ['several, comma-joined', `${one},${two}`, [one, two]],
    ['spaces and repetitions', ` ${one}, ${two},${one} `, [one, two]],
    ['a list', [one, two], [one, two]],
    ['an object around it', { usage_points: `${one},${two}` }, [one, two]],
    ['an object around a list', { value: { prms: [one] } }, [one]],
    ['a number that lost its zeros', 345678901234, [two]],
    ['nothing', '', []],
    ['no value', undefined, []],
    ['null', null, []],
    ['something else', 'abc,123', []],
  ] as const) {
    it(`reads ${name}`, () => assert.deepEqual(readUsagePoints(value), expected));
  }

  it('takes an entry without an end for one that has ended', () => {
    assert.deepEqual([new Date(now), undefined, null, 'tomorrow', new Date(NaN)].map(readExpiry), [now, 0, 0, 0, 0]);
  });
});

describe('tokens of the PHP server', () => {
  const database = mongoDatabase();
  const clients: MongoClient[] = [];
  let client: MongoClient;
  let entries: Collection;
  let cache: PhpCache;

  before(async () => {
    client = new MongoClient(database().uri);
    clients.push(client);
    entries = client.db().collection('cache');
    assert.equal(await adoptPhpCache(client.db()), undefined, 'there is no PHP server before it has written something');
    await entries.createIndexes([{ key: { expireAt: 1 }, expireAfterSeconds: 0 }]);
    cache = (await adoptPhpCache(client.db(), () => now)) ?? assert.fail('It is not noticed.');
  });
  after(() => Promise.all(clients.map((each) => each.close())));

  async function put(type: string, number: number, end: number, value: unknown = one): Promise<string> {
    const token = earlierToken(number);
    await entries.insertOne({ key: `${type}:${token}`, value, expireAt: new Date(end) });
    return token;
  }

  // The real server removes what has really expired: these times are far ahead.
  const later = Date.UTC(2090, 0, 1);

  it('are found with their usage points and their end', async () => {
    const token = await put('refresh_token', 1, later, `${one},${two}`);
    assert.deepEqual(await cache.find('refresh_token', token), { usagePoints: [one, two], expiresAt: later });
  });

  it('are of one kind', async () => {
    const token = await put('access_token', 2, later);
    assert.equal(await cache.find('refresh_token', token), undefined);
    assert.deepEqual(await cache.find('access_token', token), { usagePoints: [one], expiresAt: later });
  });

  it('count as long as the one of two entries that lives longer', async () => {
    const token = await put('refresh_token', 3, later);
    await put('refresh_token', 3, later + 5_000, two);
    await put('refresh_token', 3, later + 1_000);
    assert.deepEqual(await cache.find('refresh_token', token), { usagePoints: [two], expiresAt: later + 5_000 });
  });

  it('end at their time, whether or not the database has removed them', async () => {
    const late = (await adoptPhpCache(client.db(), () => later)) ?? assert.fail();
    const token = await put('refresh_token', 4, later);
    assert.equal(await late.find('refresh_token', token), undefined);
  });

  it('are unknown where nobody issued them', async () => {
    for (const token of [unknownToken(), '', 'abc', `${earlierToken(1)}0`, earlierToken(1).toUpperCase()]) {
      assert.equal(await cache.find('refresh_token', token), undefined);
    }
  });

  it('are gone, with every duplicate, once forgotten', async () => {
    const token = await put('refresh_token', 5, later);
    await put('refresh_token', 5, later);
    await cache.forget('refresh_token', token);
    assert.equal(await entries.countDocuments({ key: `refresh_token:${token}` }), 0);
  });

  it('are listed once each, with the end that counts, wherever a list is cut off', async () => {
    const other = client.db(`${database().name}_list`);
    const cut = other.collection('cache');
    const key = (digit: number): string => `refresh_token:${String(digit).repeat(64)}`;
    const twice = [1, 2, 3].flatMap((digit) => [
      { key: key(digit), value: one, expireAt: new Date(later) },
      { key: key(digit), value: two, expireAt: new Date(later + digit) },
      { key: key(digit), value: one, expireAt: new Date(later - digit) },
    ]);
    await cut.insertMany(twice);
    const list = (await adoptPhpCache(other)) ?? assert.fail();
    for (const limit of [3, 4, 5, 6, 7, 100]) {
      const found: [string, number][] = [];
      for (let after = ''; ;) {
        const tokens = await list.tokens('refresh_token', after, limit);
        if (tokens.length === 0) break;
        for (const { token, usagePoints, expiresAt } of tokens) {
          assert.deepEqual(usagePoints, [two]);
          found.push([token.charAt(0), expiresAt - later]);
        }
        after = tokens.at(-1)?.token ?? '';
      }
      assert.deepEqual(found, [
        ['1', 1],
        ['2', 2],
        ['3', 3],
      ]);
    }
    await other.dropDatabase();
  });

  it('are found by an index', async () => {
    const plan: Document = await entries.find({ key: `refresh_token:${earlierToken(1)}` }).explain('queryPlanner');
    assert.match(JSON.stringify(plan['queryPlanner']), /"IXSCAN"/);
    assert.doesNotMatch(JSON.stringify(plan['queryPlanner']), /"COLLSCAN"/);
  });

  it('may be looked at by several instances that start at once', async () => {
    const adopted = await Promise.all(Array.from({ length: 8 }, () => adoptPhpCache(client.db())));
    assert.ok(adopted.every(Boolean));
  });

  it('can be read where the PHP server made its index with other options', async () => {
    const other = client.db(`${database().name}_other`);
    await other.collection('cache').createIndexes([{ key: { expireAt: 1 }, expireAfterSeconds: 60, name: 'ttl' }]);
    assert.ok(await adoptPhpCache(other));
    await other.dropDatabase();
  });
});
