import assert from 'node:assert/strict';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealer, deriveKey, keyFromFile } from '../../../lib/store/sealing.js';
import { buildProgram, type Child, type Program } from '../../support/child.js';
import { freshDirectory } from '../../support/directory.js';

const secret = 'a secret of the user';
const text = '{"token":"very secret","serial":"122600000042"}';

describe('sealed texts', () => {
  it('come back as they were, and differ each time they are sealed', async () => {
    const sealer = createSealer([deriveKey(secret, 'test')]);
    const sealed = [await sealer.seal(text), await sealer.seal(text)];
    assert.notEqual(sealed[0], sealed[1]);
    for (const each of sealed) assert.equal(await sealer.open(`${each}\n`), text);
  });

  it('show nothing of what is in them, nor of the key', async () => {
    const key = deriveKey(secret, 'test');
    const sealed = await createSealer([key]).seal(text);
    const plain = sealed
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
      .join(' ');
    for (const hidden of ['very secret', '122600000042', secret, Buffer.from(key.bytes).toString('latin1')]) {
      assert.ok(!sealed.includes(hidden) && !plain.includes(hidden));
    }
  });

  it('do not open when a single character was changed', async () => {
    const sealer = createSealer([deriveKey(secret, 'test')]);
    const sealed = await sealer.seal(text);
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === 'A' ? 'Q' : 'A';
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      const sameBytes = changed.split('.').every((part, at) => {
        return Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[at] ?? '', 'base64url'));
      });
      if (!sameBytes) await assert.rejects(sealer.open(changed), `character ${index}`);
    }
  });

  it('do not open when they were cut off, or with another key', async () => {
    const sealer = createSealer([deriveKey(secret, 'test')]);
    const sealed = await sealer.seal(text);
    for (const cut of ['', sealed.slice(0, -1), sealed.slice(0, sealed.length / 2), `${sealed}.`]) {
      await assert.rejects(sealer.open(cut));
    }
    await assert.rejects(createSealer([deriveKey('another', 'test')]).open(sealed));
    await assert.rejects(createSealer([deriveKey(secret, 'another purpose')]).open(sealed));
  });

  it('still open with a key that was replaced', async () => {
    const [before, after] = [deriveKey('before', 'test'), deriveKey('after', 'test')];
    const old = await createSealer([before]).seal(text);
    const both = createSealer([after, before]);
    assert.equal(await both.open(old), text);
    assert.equal(await createSealer([after]).open(await both.seal(text)), text);
  });
});

describe('the key file', () => {
  const directory = freshDirectory();
  let program: Program;
  before(async () => {
    program = await buildProgram(new URL('key-maker.ts', import.meta.url));
  });
  after(() => program.remove());

  it('is private, and gives the same key ever after', async () => {
    const path = join(directory(), 'keys', 'seal.key');
    const first = await keyFromFile(path);
    assert.deepEqual(await keyFromFile(path), first);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.equal((await stat(join(directory(), 'keys'))).mode & 0o777, 0o700);
    assert.notDeepEqual(await keyFromFile(join(directory(), 'other.key')), first);
  });

  it('is an error, and stays, where it holds no key', async () => {
    const path = join(directory(), 'seal.key');
    await writeFile(path, 'not a key\n');
    await assert.rejects(keyFromFile(path));
    await assert.rejects(keyFromFile(path));
  });

  it('is the same for processes that make it at once', async () => {
    for (let round = 0; round < 5; round++) {
      const path = join(directory(), `${round}`, 'seal.key');
      const children = Array.from({ length: 4 }, () => program.start([path]));
      const keys = await Promise.all(await startedTogether(children));
      assert.match(keys[0] ?? '', /^[0-9a-f]{64}$/);
      assert.deepEqual(new Set(keys).size, 1);
    }
  });
});

async function startedTogether(children: readonly Child[]): Promise<Promise<string>[]> {
  const readers = children.map(({ lines }) => lines[Symbol.asyncIterator]());
  await Promise.all(readers.map((reader) => reader.next()));
  for (const { process } of children) process.stdin.write('go\n');
  return readers.map(async (reader, index) => {
    const line = await reader.next();
    const { errors } = (await children[index]?.ended) ?? { errors: '' };
    assert.equal(errors, '');
    return String(line.value);
  });
}
