import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../../../lib/program/env-file.js';
import { UsageError } from '../../../lib/program/usage.js';
import { freshDirectory } from '../../support/directory.js';

describe('the variables of a .env file', () => {
  const directory = freshDirectory();

  async function read(text: string, environment: Record<string, string> = {}) {
    const file = join(directory(), '.env');
    await writeFile(file, text);
    return readEnvironment(file, environment);
  }

  it('comments, quotes, blanks and empty values are read as the PHP server reads them', async () => {
    const text = `# A comment
CLIENT_ID=plain
CLIENT_SECRET="with # and = in it"
TITLE='Linky à la maison'
DB_NAME = spaced
FLOW=
export DB_PORT=27017
`;
    assert.deepEqual(await read(text), {
      CLIENT_ID: 'plain',
      CLIENT_SECRET: 'with # and = in it',
      TITLE: 'Linky à la maison',
      DB_NAME: 'spaced',
      FLOW: '',
      DB_PORT: '27017',
    });
  });

  it('${NAME} stands for another value of the file, a lone dollar for a dollar', async () => {
    const text =
      'DB_USER=linky\nMONGODB_URI=mongodb://${DB_USER}:${DB_PASSWORD}@db/\nDB_PASSWORD=pa$$word\nOTHER=${NOBODY}\n';
    const { MONGODB_URI, OTHER } = await read(text);
    assert.equal(MONGODB_URI, 'mongodb://linky:pa$$word@db/');
    assert.equal(OTHER, '${NOBODY}');
  });

  it('values that stand for each other do not go round for ever', async () => {
    assert.equal((await read('A=${B}\nB=${A}\n'))['A'], '${A}');
  });

  it('a variable of the environment counts more', async () => {
    assert.deepEqual(await read('CLIENT_ID=file\nPORT=1\n', { CLIENT_ID: 'environment' }), {
      CLIENT_ID: 'environment',
      PORT: '1',
    });
  });

  it('without a file there is the environment alone', async () => {
    assert.deepEqual(await readEnvironment(undefined, { PORT: '1' }), { PORT: '1' });
  });

  it('a file that cannot be read is named', async () => {
    const file = join(directory(), 'nowhere.env');
    await assert.rejects(readEnvironment(file, {}), (error: unknown) => {
      assert.ok(error instanceof UsageError);
      assert.equal(error.message, `--env-file: ${file} cannot be read (ENOENT).`);
      return true;
    });
  });
});
