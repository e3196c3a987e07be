import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAtomically, readIfPresent, removeLeftovers, writeAtomically } from '../../../lib/store/atomic-file.js';
import { freshDirectory } from '../../support/directory.js';

const permissions = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe('files written as a whole', () => {
  const directory = freshDirectory();

  it('are readable by their owner only, in a directory that is too', async () => {
    const path = join(directory(), 'private', 'deeper', 'file');
    await writeAtomically(path, 'first');
    assert.equal(await permissions(path), 0o600);
    assert.equal(await permissions(join(directory(), 'private', 'deeper')), 0o700);
    assert.equal(await permissions(join(directory(), 'private')), 0o700);
  });

  it('become private where an older one was not', async () => {
    const path = join(directory(), 'file');
    await writeFile(path, 'open to all');
    await chmod(path, 0o644);
    await writeAtomically(path, 'closed');
    assert.equal(await permissions(path), 0o600);
    assert.equal(await readFile(path, 'utf8'), 'closed');
  });

  it('leave nothing beside them', async () => {
    const path = join(directory(), 'file');
    await writeAtomically(path, 'one');
    await writeAtomically(path, 'two');
    assert.equal(await createAtomically(path, 'three'), false);
    assert.deepEqual(await readdir(directory()), ['file']);
    assert.equal(await readIfPresent(path), 'two');
  });

  it('are absent rather than an error where there is none, and an error where there is no reading them', async () => {
    assert.equal(await readIfPresent(join(directory(), 'missing')), undefined);
    await mkdir(join(directory(), 'folder'));
    await assert.rejects(readIfPresent(join(directory(), 'folder')), { code: 'EISDIR' });
  });

  it('keep the old text where the new one cannot take its place', async () => {
    const path = join(directory(), 'folder');
    await mkdir(join(path, 'inside'), { recursive: true });
    await assert.rejects(writeAtomically(path, 'text'));
    assert.deepEqual(await readdir(directory()), ['folder']);
  });

  it('are made by one only of many at once', async () => {
    const path = join(directory(), 'file');
    const made = await Promise.all(Array.from({ length: 20 }, (_, index) => createAtomically(path, `text ${index}`)));
    const winner = made.indexOf(true);
    assert.equal(made.filter(Boolean).length, 1);
    assert.equal(await readIfPresent(path), `text ${winner}`);
  });

  it('are rid of what a killed process left, and of nothing else', async () => {
    const path = join(directory(), 'file');
    await writeAtomically(path, 'text');
    await writeFile(`${path}.0123456789ab.tmp`, 'te');
    await writeFile(join(directory(), 'file2.0123456789ab.tmp'), 'of another file');
    await removeLeftovers(path);
    assert.deepEqual((await readdir(directory())).sort(), ['file', 'file2.0123456789ab.tmp']);
    await removeLeftovers(join(directory(), 'no', 'such', 'folder'));
  });

  it('survive a cleaning up while they are written', async () => {
    const path = join(directory(), 'file');
    const text = 'of some length '.repeat(500_000);
    let ended = false;
    const cleaning = async (): Promise<void> => {
      while (!ended) await removeLeftovers(path);
    };
    const writing = writeAtomically(path, text).finally(() => (ended = true));
    await Promise.all([writing, cleaning()]);
    assert.equal(await readIfPresent(path), text);
  });
});
