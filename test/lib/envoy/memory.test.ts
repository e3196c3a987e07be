import assert from 'node:assert/strict';
import { keptInMemory, type Kept } from '../../../lib/store/sealed-file.js';
import { SessionMemory, type GatewayMemory } from '../../../lib/envoy/memory.js';

const host = 'envoy.local';
const full: GatewayMemory = {
  host,
  certificate: 'AA',
  tokens: true,
  token: { value: 'a.b.c', origin: 'cloud', account: 'hash' },
  cookies: [['sessionId', 'x']],
  blocked: { credentials: 'hash', code: 'mfa_required', message: 'no', details: { parameters: {} } },
};

describe('the memory of a session', () => {
  const failures: unknown[] = [];
  const note = (error: unknown): void => {
    failures.push(error);
  };
  beforeEach(() => failures.splice(0));

  it('is what was kept', async () => {
    assert.deepEqual((await SessionMemory.load(keptInMemory(full), host, note)).value, full);
    assert.deepEqual((await SessionMemory.load(keptInMemory(), host, note)).value, { host });
  });

  it('of another host is the token only: certificate, cookies and refusals are of the old one', async () => {
    const { value } = await SessionMemory.load(keptInMemory(full), 'other.local', note);
    assert.deepEqual(value, { host: 'other.local', token: full.token });
  });

  it('is kept as it changes, part by part', async () => {
    const kept = keptInMemory<GatewayMemory>(full);
    const memory = await SessionMemory.load(kept, host, note);
    await memory.change({ certificate: 'BB', cookies: undefined });
    assert.deepEqual(await kept.read(), memory.value);
    assert.deepEqual([memory.value.certificate, 'cookies' in memory.value], ['BB', false]);
    await memory.change({ blocked: undefined });
    assert.ok(!('blocked' in ((await kept.read()) ?? {})));
  });

  it('counts at once, and can be waited for', async () => {
    let finish: () => void = () => undefined;
    const written: GatewayMemory[] = [];
    const slow: Kept<GatewayMemory> = {
      read: () => Promise.resolve(full),
      write: (value) => {
        written.push(value);
        return new Promise((resolve) => (finish = resolve));
      },
    };
    const memory = await SessionMemory.load(slow, host, note);
    void memory.change({ certificate: 'BB' });
    assert.equal(memory.value.certificate, 'BB');
    let settled = false;
    const settling = memory.settled().then(() => (settled = true));
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(settled, false);
    finish();
    await settling;
    assert.equal(written.length, 1);
  });

  it('goes on without a disk, and says so', async () => {
    const broken: Kept<GatewayMemory> = {
      read: () => Promise.reject(new Error('no reading')),
      write: () => Promise.reject(new Error('no writing')),
    };
    const memory = await SessionMemory.load(broken, host, note);
    await memory.change({ certificate: 'BB' });
    await memory.settled();
    assert.deepEqual(memory.value, { host, certificate: 'BB' });
    assert.deepEqual(failures.map(String), ['Error: no reading', 'Error: no writing']);
  });
});
