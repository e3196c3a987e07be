import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startEnedis } from '../../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { freshDirectory } from '../../support/directory.js';
import { WireClient } from '../../support/proxy/exchange.js';
import { heldTokens, PatientDance } from '../../support/proxy/patient-dance.js';
import { programEnvironment, publicUrl } from '../../support/proxy/program-dance.js';
import { builtProgram, startProgram, type ProxyProgram } from '../../support/proxy/program.js';
import { freePort } from '../../support/server.js';

const run = promisify(execFile);

/** Lets the process write files up to this size, which it may later exceed again if it is told so. */
async function limitFiles({ pid }: ProxyProgram, bytes: number | 'unlimited'): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--fsize=${String(bytes)}:unlimited`]);
}

/** Resolves once the program answers that it is well. @throws AssertionError where it ends before */
async function healthy(client: WireClient, program: ProxyProgram): Promise<void> {
  const over = new AbortController();
  void program.ended.then(() => over.abort());
  while (!over.signal.aborted) {
    const answer = await client.send({ method: 'GET', path: '/health' }).catch(() => undefined);
    if (answer?.status === 200) return;
    await pause(50);
  }
  assert.fail(`It ended: ${program.stderr}`);
}

describe('e2e: the program of the proxy, killed and short of disk space', function () {
  this.timeout(120_000);
  const directory = freshDirectory();
  const programs: ProxyProgram[] = [];
  let enedis: SimulatedEnedis;
  let client: WireClient;

  let built: readonly [string, ...string[]];

  before(async function () {
    // Elsewhere the limit of a running process cannot be changed, and there is no /dev/full.
    if (process.platform !== 'linux') this.skip();
    built = await builtProgram();
  });

  beforeEach(async () => {
    enedis = await startEnedis({ redirectUrl: `${publicUrl}/auth/redirect`, crowd: 1 });
    client = new WireClient(await freePort());
  });

  afterEach(async () => {
    client.close();
    await Promise.all(programs.splice(0).map((program) => program.kill()));
    await enedis.close();
  });

  /** Starts the program at the port of the client, over the directory of the test; `script` runs it as `$@`. */
  async function start(script = 'exec "$@"'): Promise<ProxyProgram> {
    const program = await startProgram({
      directory: directory(),
      env: programEnvironment(enedis),
      args: ['--port', String(client.port)],
      // A process that may write no further gets a signal, which would end it; a full disk sends none.
      command: ['sh', '-c', `trap '' XFSZ; ${script}`, 'sh', ...built],
    });
    programs.push(program);
    await healthy(client, program);
    return program;
  }

  function dance(customer: string): PatientDance {
    const { clientId } = enedis.application;
    return new PatientDance({ client, publicUrl, clientId, enedis, second: 0 }, customer, {});
  }

  it('kill -9 after every step of a dance: what was answered counts after the restart', async () => {
    let program = await start();
    const again = async (): Promise<void> => {
      await program.kill();
      program = await start();
    };
    const device = dance('consumption');
    const userCode = await device.begin();
    await again();
    assert.equal((await device.poll()).json['error'], 'authorization_pending');
    const authorizeUrl = await device.enter(userCode);
    await again();
    const callback = await device.agree(authorizeUrl);
    await device.comeBack(callback);
    await again();
    await device.comeBack(callback);
    const first = await device.fetchTokens(1);
    await again();
    assert.equal((await device.poll()).json['error'], 'invalid_grant');
    assert.equal((await device.consents(first)).status, 200);
    const second = heldTokens(await device.refresh(first));
    await again();
    assert.equal((await device.consents(second)).status, 200);
    // For a minute the token before is answered with the same successor.
    assert.equal(heldTokens(await device.refresh(first)).refresh, second.refresh);
    heldTokens(await device.refresh(second));
  });

  it('a log that cannot be written any more does not end it', async () => {
    await start('exec "$@" >/dev/full');
    const device = dance('consumption');
    const tokens = await device.run();
    assert.equal((await device.consents(tokens)).status, 200);
  });

  it('a disk without space: new codes are refused for now, what has begun goes on when there is some, nothing is lost', async () => {
    const program = await start();
    const earlier = dance('consumption');
    const before = await earlier.run();
    const device = dance('crowd-1');
    const userCode = await device.begin();
    const callback = await device.agree(await device.enter(userCode));

    await limitFiles(program, 1);
    const members = new URLSearchParams({ client_id: enedis.application.clientId }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const refusal = await client.send({ method: 'POST', path: '/device/code', headers, body: members });
    assert.equal(refusal.status, 503, refusal.text);
    assert.equal(refusal.json['error'], 'temporarily_unavailable');
    const health = await client.send({ method: 'GET', path: '/health' });
    assert.equal(health.status, 503, health.text);
    const waiting = Promise.all([device.comeBack(callback), earlier.refresh(before)]);
    await limitFiles(program, 'unlimited');

    const [, refreshed] = await waiting;
    const after = heldTokens(refreshed);
    const tokens = await device.fetchTokens(1);
    await program.kill();
    await start();
    assert.equal((await earlier.consents(after)).status, 200);
    assert.equal((await device.consents(tokens)).status, 200);
    assert.equal((await device.poll()).json['error'], 'invalid_grant');
    assert.equal((await client.send({ method: 'GET', path: '/health' })).status, 200);
  });
});
