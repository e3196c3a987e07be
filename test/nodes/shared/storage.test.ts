import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { GatewayMemory } from '../../../lib/envoy/memory.js';
import { openStorage, type Storage } from '../../../nodes/shared/storage.js';
import { freshDirectory } from '../../support/directory.js';

const memory: GatewayMemory = { host: 'envoy.local', token: { value: 'a.very.secret', origin: 'person' } };

describe('the storage of a Node-RED runtime', () => {
  const directory = freshDirectory();
  // Of the runtime only its settings are looked at.
  const start = (settings: object = {}): Storage =>
    openStorage({ settings: { userDir: directory(), ...settings } } as unknown as NodeAPI);
  const files = async (): Promise<string[]> => (await readdir(join(directory(), 'energy-nodes'))).sort();

  it('keeps what gateways and accounts need in private files of the user directory', async () => {
    const storage = start();
    await storage.gateway('f1.a2').write(memory);
    await storage.account('Ab_c-1').write({ credentials: 'hash', accepted: true, attempts: [] });
    assert.deepEqual(await files(), ['account-Ab_c-1.sealed', 'gateway-f1%2ea2.sealed', 'seal.key']);
    for (const name of await files()) {
      const path = join(directory(), 'energy-nodes', name);
      assert.equal((await stat(path)).mode & 0o777, 0o600, name);
      assert.ok(!(await readFile(path, 'utf8')).includes('secret'), name);
    }
    assert.equal((await stat(join(directory(), 'energy-nodes'))).mode & 0o777, 0o700);
    assert.deepEqual(await start().gateway('f1.a2').read(), memory);
  });

  it('writes no key of its own where the runtime has a credential secret', async () => {
    await start({ credentialSecret: 'from settings.js' }).gateway('one').write(memory);
    assert.deepEqual(await files(), ['gateway-one.sealed']);
    assert.deepEqual(await start({ credentialSecret: 'from settings.js' }).gateway('one').read(), memory);
  });

  it('still opens what was kept before the user set a credential secret', async () => {
    await start().gateway('one').write(memory);
    const after = start({ credentialSecret: 'set later' });
    assert.deepEqual(await after.gateway('one').read(), memory);
    await after.gateway('one').write({ ...memory, host: 'sealed.anew' });
    assert.equal((await start({ credentialSecret: 'set later' }).gateway('one').read())?.host, 'sealed.anew');
    // The secret is what counts from then on: without it the file does not open.
    assert.equal(await start().gateway('one').read(), undefined);
  });

  it('puts aside what a changed secret does not open, and starts anew', async () => {
    await start({ credentialSecret: 'before' }).gateway('one').write(memory);
    const after = start({ credentialSecret: 'after' });
    assert.equal(await after.gateway('one').read(), undefined);
    assert.deepEqual(await files(), ['gateway-one.sealed.unreadable']);
    await after.gateway('one').write(memory);
    assert.deepEqual(await after.gateway('one').read(), memory);
  });

  it('treats a secret that is no text as none', async () => {
    await start({ credentialSecret: false }).gateway('one').write(memory);
    assert.deepEqual(await files(), ['gateway-one.sealed', 'seal.key']);
  });

  it('tells ids apart that would make the same or an unsafe file name', async () => {
    const storage = start();
    const ids = ['a/b', 'a.b', 'a%2eb', '../a', 'A', 'é'];
    for (const id of ids) await storage.gateway(id).write({ host: id });
    for (const id of ids) assert.equal((await start().gateway(id).read())?.host, id);
    assert.deepEqual(await readdir(directory()), ['energy-nodes']);
  });

  it('keeps nothing on disk where the settings are read-only', async () => {
    const storage = start({ readOnly: true });
    const kept = storage.gateway('one');
    await kept.write(memory);
    assert.deepEqual(await kept.read(), memory);
    await kept.retire();
    assert.deepEqual(await readdir(directory()), []);
  });
});
