import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { createCertificate, startGateway } from '../../../../simulator/index.js';
import { credentialsOf, day, serial, SessionWorld } from '../../../support/session.js';
import { sent } from '../../../support/wire.js';

describe('closing a session', function () {
  let world: SessionWorld;

  beforeEach(async () => {
    world = await SessionWorld.start();
  });

  afterEach(() => world.close());

  it('leaves nothing running: a process that closed its sessions in the middle of reads ends by itself', async () => {
    const { cloud, gateway } = world;
    const certificate = await createCertificate({ commonName: 'gateway', addresses: ['127.0.0.1'] });
    const authority = join(await mkdtemp(join(tmpdir(), 'envoy-closing-')), 'ca.pem');
    await writeFile(authority, certificate.cert);
    await gateway.setCertificate(certificate);
    const hanging = await startGateway({ serial, cloud, certificate });
    const resetting = await startGateway({ serial, cloud, certificate });
    hanging.faults.add({ kind: 'hang' }, { path: '/production.json' });
    resetting.faults.add({ kind: 'reset' }, { path: '/ivp/meters' });

    const hosts = [gateway, hanging, resetting].map(({ host, port }) => `${host}:${port}`);
    const script = fileURLToPath(new URL('closing-process.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...hosts, await world.token()], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
    });
    const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
    await Promise.all([hanging.close(), resetting.close(), rm(dirname(authority), { recursive: true })]);
    assert.deepEqual(JSON.parse(output), {
      read: 'data',
      opening: ['closed', 'closed', 'closed'],
      hanging: ['closed', 'closed', 'closed'],
      retrying: ['closed', 'closed', 'closed'],
      left: [],
    });
    assert.equal(child.exitCode, 0);
  });

  it('ends every reading with `closed`, and so does everything asked afterwards', async () => {
    const opened = world.open();
    await opened.read();
    world.gateway.faults.add({ kind: 'hang' }, { path: '/production.json' });
    const asked = sent('/production.json');
    const readings = Array.from({ length: 20 }, () => opened.outcome());
    await asked;
    await opened.close();
    assert.deepEqual(new Set(await Promise.all(readings)), new Set(['closed']));
    assert.equal(await opened.outcome(), 'closed');
  });

  it('twice, or before anything was read, is no matter', async () => {
    const opened = world.open();
    await Promise.all([opened.close(), opened.close()]);
    await opened.close();
    assert.equal(await opened.outcome(), 'closed');
    assert.equal(world.gateway.log.count(), 0);
  });

  it('waits for a token that is on its way: the next start has it', async () => {
    await world.keepToken(await world.token(355 * day), credentialsOf('owner'));
    const cloud = new EventEmitter();
    const opened = world.open({ beforeCloud: () => once(cloud, 'open').then(() => undefined) });
    await opened.read();
    const closing = opened.close();
    cloud.emit('open');
    await closing;
    assert.equal(opened.tokens.length, 1);
    await world.restart();
    assert.equal((await world.memory.read())?.token?.value, opened.tokens[0]);
    assert.equal(await world.open().outcome(), 'data');
    assert.deepEqual(world.asked, { logins: 1, tokens: 1 });
  });

  it('keeps a block: the session after it does not ask again', async () => {
    const credentials = { ...credentialsOf('owner'), password: 'mistyped' };
    const opened = world.open({ credentials });
    const reading = opened.outcome();
    assert.equal(await reading, 'credentials_rejected');
    await opened.close();
    assert.equal((await world.memory.read())?.blocked?.code, 'credentials_rejected');
  });
});
