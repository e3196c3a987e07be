import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealer, deriveKey, type Sealer } from '../../../lib/store/sealing.js';
import { keptInMemory, SealedFile } from '../../../lib/store/sealed-file.js';
import { freshDirectory } from '../../support/directory.js';

interface Value {
  readonly name: string;
}

const sealerOf = (...secrets: [string, ...string[]]): Sealer => {
  const [first, ...more] = secrets;
  return createSealer([deriveKey(first, 'test'), ...more.map((secret) => deriveKey(secret, 'test'))]);
};
const day = 24 * 3600 * 1000;

describe('a value kept in a sealed file', () => {
  const directory = freshDirectory();
  const path = (): string => join(directory(), 'state', 'value.sealed');
  const open = (...secrets: string[]): SealedFile<Value> => {
    const [first = 'secret', ...more] = secrets;
    return new SealedFile<Value>(path(), () => Promise.resolve(sealerOf(first, ...more)));
  };

  it('is absent at first, and there for the next run once it was written', async () => {
    assert.equal(await open().read(), undefined);
    await open().write({ name: 'Ä ☀ 1' });
    assert.deepEqual(await open().read(), { name: 'Ä ☀ 1' });
    const text = await readFile(path(), 'utf8');
    assert.ok(!text.includes('name'));
    assert.equal((await stat(path())).mode & 0o777, 0o600);
    assert.equal((await stat(join(directory(), 'state'))).mode & 0o777, 0o700);
  });

  it('is read as it was written last, a write under way included', async () => {
    const file = open();
    await file.write({ name: 'before' });
    const writing = file.write({ name: 'after' });
    assert.deepEqual(await file.read(), { name: 'after' });
    await writing;
  });

  it('is written once for all that wait', async () => {
    let sealed = 0;
    const inner = sealerOf('secret');
    const counting: Sealer = { open: (text) => inner.open(text), seal: (text) => (sealed++, inner.seal(text)) };
    const file = new SealedFile<Value>(path(), () => Promise.resolve(counting));
    const writes = Array.from({ length: 100 }, (_, index) => file.write({ name: `${index}` }));
    await Promise.all(writes);
    assert.ok(sealed <= 2, `written ${sealed} times`);
    assert.deepEqual(await open().read(), { name: '99' });
  });

  it('says to all that waited when it could not be written, and recovers', async () => {
    const file = open();
    await file.write({ name: 'old' });
    await rename(join(directory(), 'state'), join(directory(), 'moved'));
    await writeFile(join(directory(), 'state'), 'a file where the directory should be');
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((name) => file.write({ name })));
    assert.deepEqual(
      outcomes.map((each) => each.status === 'rejected' && (each.reason as { code: string }).code),
      ['storage_failed', 'storage_failed', 'storage_failed'],
    );
    await rename(join(directory(), 'state'), join(directory(), 'aside'));
    await rename(join(directory(), 'moved'), join(directory(), 'state'));
    assert.deepEqual(await open().read(), { name: 'old' });
    await file.write({ name: 'new' });
    assert.deepEqual(await open().read(), { name: 'new' });
  });

  it('goes on under a secret that was set later, and is put aside under one that was changed', async () => {
    await open('key file').write({ name: 'kept' });
    assert.deepEqual(await open('set later', 'key file').read(), { name: 'kept' });
    await open('set later', 'key file').write({ name: 'sealed anew' });
    assert.deepEqual(await open('set later').read(), { name: 'sealed anew' });

    const original = await readFile(path(), 'utf8');
    assert.equal(await open('changed').read(), undefined);
    assert.deepEqual(await readdir(join(directory(), 'state')), ['value.sealed.unreadable']);
    assert.equal(await readFile(`${path()}.unreadable`, 'utf8'), original);
    await open('changed').write({ name: 'afresh' });
    assert.deepEqual(await open('changed').read(), { name: 'afresh' });
  });

  it('is put aside where the file is damaged', async () => {
    for (const damage of ['', 'nonsense', '{"name":"not sealed"}']) {
      await mkdir(join(directory(), 'state'), { recursive: true });
      await writeFile(path(), damage);
      assert.equal(await open().read(), undefined);
      assert.equal(await readFile(`${path()}.unreadable`, 'utf8'), damage);
    }
  });

  it('stays where the key is out of reach for a while', async () => {
    await open().write({ name: 'precious' });
    const keyless = new SealedFile<Value>(path(), () => Promise.reject(new Error('EMFILE')));
    await assert.rejects(keyless.read(), { code: 'storage_failed' });
    assert.deepEqual(await open().read(), { name: 'precious' });
  });

  it('says that it cannot be read, not that there is none, where the file is out of reach', async () => {
    await mkdir(path(), { recursive: true });
    await assert.rejects(open().read(), { code: 'storage_failed' });
  });

  it('is taken back by an owner that returns', async () => {
    const file = open();
    await file.write({ name: 'kept' });
    const last = file.write({ name: 'kept too' });
    await file.retire();
    await last;
    assert.deepEqual(await readdir(join(directory(), 'state')), ['value.sealed.removed']);
    assert.deepEqual(await open().read(), { name: 'kept too' });
    assert.deepEqual(await readdir(join(directory(), 'state')), ['value.sealed']);
  });

  it('is taken back however long ago it was written, and forgotten a month after its owner went', async () => {
    const monthsAgo = new Date(Date.now() - 90 * day);
    await open().write({ name: 'old but in use' });
    await utimes(path(), monthsAgo, monthsAgo);
    await open().retire();
    assert.deepEqual(await open().read(), { name: 'old but in use' });

    await open().retire();
    await utimes(`${path()}.removed`, monthsAgo, monthsAgo);
    const other = new SealedFile<Value>(join(directory(), 'state', 'other.sealed'), () =>
      Promise.resolve(sealerOf('secret')),
    );
    await other.write({ name: 'another owner' });
    await other.retire();
    assert.equal(await open().read(), undefined);
  });

  it('may be retired without ever having been written', async () => {
    await open().retire();
    assert.equal(await open().read(), undefined);
  });
});

/** Makes a directory in which no further byte can be written; `undefined` where this machine does not allow that. */
async function fullDisk(at: string): Promise<{ fill(): Promise<void>; release(): Promise<void> } | undefined> {
  await mkdir(at, { recursive: true });
  if (process.getuid?.() !== 0) {
    return { fill: () => chmod(at, 0o500), release: () => chmod(at, 0o700) };
  }
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  return {
    // The last page fails to be written: from there on the disk is full.
    fill: () => writeFile(join(at, 'filling'), Buffer.alloc(1024 * 1024)).catch(() => undefined),
    release: () => {
      execFileSync('umount', [at]);
      return Promise.resolve();
    },
  };
}

describe('a value kept on a full disk', () => {
  const directory = freshDirectory();

  it('stays the old one and says so', async function () {
    const at = join(directory(), 'small');
    const disk = await fullDisk(at);
    if (!disk) {
      console.warn('      SKIPPED: this machine allows neither a small file system nor a directory without writing.');
      this.skip();
    }
    try {
      const file = new SealedFile<Value>(join(at, 'value'), () => Promise.resolve(sealerOf('secret')));
      await file.write({ name: 'old' });
      await disk.fill();
      const failure = await file.write({ name: 'x'.repeat(8192) }).catch((error: unknown) => error as Error);
      assert.deepEqual(
        { ...(failure as object), cause: undefined },
        {
          name: 'EnergyError',
          code: 'storage_failed',
          parameters: { reason: process.getuid?.() === 0 ? 'ENOSPC' : 'EACCES' },
          cause: undefined,
        },
      );
      assert.deepEqual(await file.read(), { name: 'old' });
      assert.deepEqual(
        (await readdir(at)).filter((name) => name.endsWith('.tmp')),
        [],
      );
    } finally {
      await disk.release();
    }
  });
});

describe('a value kept in memory', () => {
  it('is what was written last, and what was given at first', async () => {
    const kept = keptInMemory<Value>({ name: 'given' });
    assert.deepEqual(await kept.read(), { name: 'given' });
    await kept.write({ name: 'written' });
    assert.deepEqual(await kept.read(), { name: 'written' });
    assert.equal(await keptInMemory<Value>().read(), undefined);
  });
});
