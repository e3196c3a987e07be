import assert from 'node:assert/strict';
import { EnergyError } from '../../../lib/errors.js';
import { fail, UsageError } from '../../../lib/program/usage.js';
import { SettingsError } from '../../../lib/proxy/settings/source.js';

/** What a failure of the program writes, and the status that it leaves. */
function outcomeOf(error: unknown): { readonly text: string; readonly status: unknown } {
  const { exitCode } = process;
  const write = process.stderr.write.bind(process.stderr);
  let text = '';
  process.stderr.write = (part) => {
    text += String(part);
    return true;
  };
  try {
    fail(error);
    return { text, status: process.exitCode };
  } finally {
    process.stderr.write = write;
    process.exitCode = exitCode;
  }
}

describe('how the program fails', () => {
  it('what the person at the keyboard can mend: the text alone, status 2', () => {
    assert.deepEqual(outcomeOf(new UsageError('There is no command x.')), {
      text: 'There is no command x.\n',
      status: 2,
    });
    const settings = new SettingsError([
      { setting: 'BASE_URL', problem: 'missing.' },
      { setting: 'PKCE', problem: 'must be true or false.' },
    ]);
    assert.deepEqual(outcomeOf(settings), {
      text: 'The settings cannot be used.\nBASE_URL: missing.\nPKCE: must be true or false.\n',
      status: 2,
    });
  });

  it('what the surroundings do not allow: the text alone, status 1', () => {
    const error = new EnergyError('storage_failed', 'The store cannot be opened.', { cause: new Error('secret') });
    assert.deepEqual(outcomeOf(error), { text: 'The store cannot be opened.\n', status: 1 });
  });

  it('a mistake of the program: where it happened, status 1', () => {
    const { text, status } = outcomeOf(new TypeError('not a function'));
    assert.match(text, /^TypeError: not a function\n {4}at /);
    assert.equal(status, 1);
  });
});
