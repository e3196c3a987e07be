import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { freshDirectory } from '../../support/directory.js';
import { mongoDatabase } from '../../support/mongodb.js';
import { ProgramDance, programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProxyProgram } from '../../support/proxy/program.js';

describe('e2e: the program in the place of the PHP server', function () {
  this.timeout(120_000);
  const database = mongoDatabase();
  const directory = freshDirectory();
  const programs: ProxyProgram[] = [];
  let enedis: SimulatedEnedis;

  before(() => builtProgram());

  beforeEach(async () => {
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect` });
  });

  afterEach(async () => {
    await Promise.all(programs.splice(0).map((program) => program.kill()));
    await enedis.close();
  });

  /** A `.env` as the PHP server has it, with the two keys that this server needs besides. */
  async function writeEnvironment(): Promise<string> {
    const { hostname, port } = new URL(database().uri.replace(/^mongodb:/, 'http:'));
    const { BASE_URL, ...variables } = programEnvironment(enedis);
    const lines = [
      '# The proxy of the association',
      `BASE_URL=${String(BASE_URL)}`,
      ...Object.entries(variables).map(([name, value]) => `${name}="${value}"`),
      'APP_ENV=prod',
      'APP_SECRET=0123456789abcdef',
      'FLOW=',
      'PKCE=',
      'REDIRECT_URI=',
      'DISABLE_DATA_ENPOINT_AUTH=',
      'DURATION=P3Y',
      'LIMIT_REQUESTS_PER_MINUTE=12',
      'DB_TYPE=mongodb',
      `DB_ADDRESS=${hostname}`,
      `DB_PORT=${port}`,
      'DB_USER=',
      'DB_PASSWORD=',
      `DB_NAME=${database().name}`,
      `TOKEN_HASH_KEY=${randomBytes(32).toString('base64')}`,
      `ENCRYPTION_KEY=${randomBytes(32).toString('hex')}`,
    ];
    const file = join(directory(), '.env');
    await writeFile(file, `${lines.join('\n')}\n`);
    return file;
  }

  async function start(file: string): Promise<ProxyProgram> {
    const program = await startProgram({ directory: directory(), args: ['--env-file', file, '--port', '0'] });
    programs.push(program);
    return program;
  }

  it('its .env and its database are taken over: nobody has to consent again', async () => {
    const issued = randomBytes(32).toString('hex');
    const { id: usagePoint } = enedis.customer('consumption').usagePoints[0] ?? {};
    const client = await MongoClient.connect(database().uri);
    const cache = client.db().collection('cache');
    const expireAt = new Date(Date.now() + 365 * 86_400_000);
    await cache.insertOne({ key: `refresh_token:${issued}`, value: usagePoint, expireAt });
    try {
      const program = await start(await writeEnvironment());
      assert.equal((await program.logged('listening'))['store'], 'mongodb');
      const moved = await program.logged('tokens of the PHP server were moved over');
      assert.equal(moved['refreshTokens'], 1);
      assert.equal(moved['left'], 0);
      assert.equal(await cache.countDocuments(), 0);
      const wire = await program.client();
      const dance = new ProgramDance(enedis);
      assert.equal(dance.tokens(await dance.refresh(wire, issued)).usagePoint, usagePoint);
      assert.ok(!program.stdout.includes(issued));
    } finally {
      await client.close();
    }
  });

  it('two programs on one database: begun at one, consented at the other, redeemed at the first', async () => {
    const file = await writeEnvironment();
    const [first, second] = await Promise.all([start(file), start(file)]);
    const [one, other] = await Promise.all([first.client(), second.client()]);
    const dance = new ProgramDance(enedis);
    await dance.begin(one);
    await dance.consent(other);
    const { access, usagePoint } = dance.tokens(await dance.poll(one));
    assert.equal((await dance.data(other, access, usagePoint)).status, 200);
    for (const program of [first, second]) program.signal('SIGTERM');
    assert.deepEqual(await Promise.all([first.ended, second.ended]), Array(2).fill({ code: 0, signal: null }));
  });

  it('without the two keys it does not start on MongoDB, and says how to make them', async () => {
    const program = await startProgram({
      directory: directory(),
      env: { ...programEnvironment(enedis), MONGODB_URI: database().uri },
    });
    programs.push(program);
    assert.deepEqual(await program.ended, { code: 2, signal: null });
    assert.match(program.stderr, /TOKEN_HASH_KEY: missing/);
    assert.match(program.stderr, /ENCRYPTION_KEY: missing/);
    assert.match(program.stderr, /openssl rand -base64 32/);
  });
});
