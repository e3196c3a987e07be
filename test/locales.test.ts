import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { commandNames } from '../lib/envoy/commands/types.js';
import { datasetNames } from '../lib/envoy/datasets/types.js';
import { authenticationCodes } from '../lib/errors.js';

type Texts = ReadonlyMap<string, string>;

const languages = readdirSync('locales');
const types = readdirSync('nodes').filter((name) => readdirSync(`nodes/${name}`).includes(`${name}.html`));

/** Codes that an account for Linky data comes to. */
const accountCodes = [
  'credentials_missing',
  'cloud_unavailable',
  'rate_limited',
  'consent_denied',
  'consent_expired',
  'code_expired',
  'client_rejected',
  'version_mismatch',
  'server_error',
];

/** All texts of a catalog by their full key. */
function flatten(value: unknown, prefix = ''): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]];
  assert.ok(typeof value === 'object' && value !== null, `${prefix} is no text`);
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, prefix ? `${prefix}.${key}` : key));
}

function catalog(language: string, type: string): Texts {
  return new Map(flatten(JSON.parse(readFileSync(`locales/${language}/${type}.json`, 'utf8'))));
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/__(\w+?)__/g)].map((match) => match[1] ?? '').sort();
}

/** The codes of `FailureCode`, a type that leaves nothing behind at run time. */
function failureCodes(): string[] {
  const union = /export type FailureCode =([^;]*);/.exec(readFileSync('lib/errors.ts', 'utf8'))?.[1] ?? '';
  return [...union.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
}

/** Keys that the html of a node type asks the editor for. */
function htmlKeys(type: string): string[] {
  const html = readFileSync(`nodes/${type}/${type}.html`, 'utf8');
  const attributes = [...html.matchAll(/data-i18n="([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split(';'));
  const calls = [...html.matchAll(/(?:_\('|envoy-[a-z]+:)([\w.]+)'/g)].map((match) => match[1] ?? '');
  return [...attributes.map((key) => key.replace(/^\[\w+\]/, '')), ...calls];
}

/** Keys that the editor code of a node type asks for literally. */
function editorKeys(type: string): string[] {
  const files = readdirSync(`nodes/${type}`).filter((name) => name.endsWith('.editor.ts'));
  return files.flatMap((file) => {
    const source = readFileSync(`nodes/${type}/${file}`, 'utf8');
    return [...source.matchAll(/\btexts\(\s*'([\w.]+)'/g)].map((match) => match[1] ?? '');
  });
}

describe('the catalogs', () => {
  it('exist for every node type', () => {
    for (const type of ['envoy-gateway', 'envoy-read', 'envoy-control']) assert.ok(types.includes(type), type);
  });

  for (const type of types) {
    describe(type, () => {
      const english = catalog('en-US', type);

      it('has the same keys and the same placeholders in every language', () => {
        for (const language of languages) {
          const texts = catalog(language, type);
          assert.deepEqual([...texts.keys()].sort(), [...english.keys()].sort(), language);
          for (const [key, text] of texts) {
            assert.deepEqual(placeholders(text), placeholders(english.get(key) ?? ''), `${language} ${key}`);
          }
        }
      });

      it('has every text that the dialog asks for', () => {
        const wanted = [...htmlKeys(type), ...editorKeys(type)];
        assert.ok(wanted.length > 5);
        assert.deepEqual(
          wanted.filter((key) => !english.has(key)),
          [],
        );
      });

      it('has help in every language, in the form that the editor reads', () => {
        for (const language of languages) {
          const help = readFileSync(`locales/${language}/${type}.html`, 'utf8');
          assert.ok(help.includes(`<script type="text/markdown" data-help-name="${type}">`), language);
          // A definition is one line, and its text has no colon: the editor cuts it there.
          const definitions = help.split('\n').filter((line) => line.startsWith(': '));
          assert.deepEqual(
            definitions.filter((line) => !/^: [^:]+ \([^:()]+\) : [^:]+$/.test(line)),
            [],
            language,
          );
        }
      });
    });
  }

  it('say for every code of an authentication error what happened and what to do', () => {
    for (const language of languages) {
      const gateway = catalog(language, 'envoy-gateway');
      for (const code of authenticationCodes) {
        assert.ok(gateway.get(`authentication.message.${code}`), `${language} message ${code}`);
        assert.match(gateway.get(`authentication.action.${code}`) ?? '', /^[^.].*\.$/, `${language} action ${code}`);
        for (const type of ['envoy-read', 'envoy-control']) {
          assert.ok(catalog(language, type).get(`status.auth.${code}`), `${language} ${type} status ${code}`);
        }
      }
    }
  });

  it('say for every code of an account what happened and what to do, in its own words', () => {
    for (const language of languages) {
      const account = catalog(language, 'enedis-account');
      for (const code of accountCodes) {
        assert.ok(account.get(`authentication.message.${code}`), `${language} message ${code}`);
        assert.match(account.get(`authentication.action.${code}`) ?? '', /^[^.].*\.$/, `${language} action ${code}`);
      }
      for (const code of authenticationCodes) {
        assert.ok(catalog(language, 'device-flow').get(`status.auth.${code}`), `${language} status ${code}`);
      }
    }
  });

  it('say for every other failure what to do', () => {
    const codes = failureCodes();
    assert.ok(codes.includes('gateway_unreachable'));
    for (const language of languages) {
      for (const code of codes) {
        assert.match(catalog(language, 'envoy-gateway').get(`failure.${code}`) ?? '', /:.*\.$/, `${language} ${code}`);
        for (const type of ['envoy-read', 'envoy-control']) {
          assert.ok(catalog(language, type).get(`status.failure.${code}`), `${language} ${type} status ${code}`);
        }
      }
    }
  });

  it('call a failure the same below every node', () => {
    for (const language of languages) {
      const read = catalog(language, 'envoy-read');
      const control = [...catalog(language, 'envoy-control')];
      for (const [key, text] of control.filter(([key]) => /^status\.(auth|failure)\./.test(key))) {
        assert.equal(read.get(key), text, `${language} ${key}`);
      }
    }
  });

  it('name every dataset, and every command with what its payload must be', () => {
    for (const language of languages) {
      for (const name of datasetNames) assert.ok(catalog(language, 'envoy-read').get(`dataset.${name}`), name);
      const control = catalog(language, 'envoy-control');
      const help = readFileSync(`locales/${language}/envoy-control.html`, 'utf8');
      for (const name of commandNames) {
        assert.ok(control.get(`command.${name}`) && control.get(`payload.${name}`), `${language} ${name}`);
        assert.match(help, new RegExp(`^- \`${name}\` ?:`, 'm'), `${language} help ${name}`);
      }
    }
  });

  it('keep a status short enough to be read below a node', () => {
    for (const language of languages) {
      for (const [key, text] of [...catalog(language, 'envoy-read'), ...catalog(language, 'envoy-control')]) {
        // Placeholders stand for numbers of up to six digits.
        const shown = text.replace(/__\w+?__/g, '123');
        if (key.startsWith('status.')) assert.ok(shown.length <= 22, `${language} ${key} "${text}"`);
      }
    }
  });
});
