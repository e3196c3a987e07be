import { strict as assert } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { commandNames } from '../lib/envoy/commands/types.js';
import { datasetNames } from '../lib/envoy/datasets/types.js';
import { authenticationCodes } from '../lib/errors.js';
import { catalog, filled, help, languages, placeholders, types } from './support/locales.js';

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

/** The codes of `FailureCode`, a type that leaves nothing behind at run time. */
function failureCodes(): string[] {
  const union = /\btype FailureCode =([^;]*);/.exec(readFileSync('lib/errors.ts', 'utf8'))?.[1] ?? '';
  return [...union.matchAll(/'(\w+)'/g)].map((match) => match[1] ?? '');
}

/** Keys that the html of a node type asks the editor for. */
function htmlKeys(type: string): string[] {
  const html = readFileSync(`nodes/${type}/${type}.html`, 'utf8');
  const attributes = [...html.matchAll(/data-i18n="([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split(';'));
  const calls = [...html.matchAll(/(?:_\('|\/[a-z-]+:)([\w.]+)'/g)].map((match) => match[1] ?? '');
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

/** Names, and words that a translation shares with English. */
const sameWords = new Set([
  ...['Enedis', 'MongoDB', 'Data Connect 2026', 'Conso API', 'MyElectricalData', 'IQ Meter Collar', 'IQ Combiner'],
  ...['device flow', 'enedis proxy', 'Enedis: __failure__', 'Enedis, sandbox', 'installer', 'User-Agent', 'Scope'],
  ...['trust proxy (httpServerOptions in settings.js)', 'Name', 'Mode', 'Codes', 'Account', 'Server', 'Token', 'token'],
  ...['Gateway', 'Password', 'Generator', 'Time-out', 'Meter (PRM)', 'Meters (PRM)', 'firmware __firmware__'],
  ...['__code__ · __left__ min', '__code__ · __left__ min · offline', '__code__ · __left__ s · offline'],
  ...['__watts__ W · token __days__ d', '__watts__ W · token __hours__ h'],
]);

/** Every text of every catalog, with where it stands. */
function everyText(): { language: string; type: string; key: string; text: string }[] {
  return languages.flatMap((language) =>
    types.flatMap((type) => [...catalog(language, type)].map(([key, text]) => ({ language, type, key, text }))),
  );
}

/** Labels that stand in the narrow column beside a field. */
function columnLabels(type: string): string[] {
  const html = readFileSync(`nodes/${type}/${type}.html`, 'utf8');
  const labels = html.matchAll(/<label(?![^>]*energy-nodes-check)[^>]*>((?:(?!<\/label>)[^])*)<\/label>/g);
  return [...labels].flatMap(([, inside = '']) => /data-i18n="(label\.\w+)"/.exec(inside)?.[1] ?? []);
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** What opens and closes in a language. */
function pairs(language: string): [string, string][] {
  const quotes = { de: ['„', '“'], nl: ['“', '”'] }[language] ?? ['«', '»'];
  return [
    ['(', ')'],
    ['[', ']'],
    ['{', '}'],
    [quotes[0] ?? '', quotes[1] ?? ''],
  ];
}

/** The mark at the end of a text, where it is a sentence or leads on to something. */
function ending(text: string): string {
  return /[.:?…]$/.exec(text.replace(/\.{3}$/, '…'))?.[0] ?? '';
}

/** What the nodes are called in a language. */
function paletteNames(language: string): string[] {
  return types.flatMap((type) => catalog(language, type).get('palette.name') ?? []);
}

/** Every text and every line of help in a language, without what stands in code style, by where it stands. */
function proseOf(language: string): [string, string][] {
  const texts = everyText().filter((each) => each.language === language && each.key !== 'palette.name');
  return [
    ...texts.map(({ type, key, text }): [string, string] => [`${language} ${type} ${key}`, text]),
    ...types.map((type): [string, string] => [`${language} ${type} help`, prose(help(language, type))]),
  ];
}

function prose(markdown: string): string {
  return markdown.replace(/`[^`]*`|\]\([^)]*\)/g, '').replace(/\s+/g, ' ');
}

/** Names that a text gives to nodes: in quotes after the word for a node, in English before it. */
function namedNodes(language: string, text: string): string[] {
  const named =
    language === 'en-US'
      ? /\b((?:envoy|linky|device|enedis)[ -][a-z]+) nodes?\b/g
      : /\b(?:nod[eoi]|noeud)s? (?:[„“]|« ?)([^“”»]+?) ?[“”»]/gi;
  return [...text.matchAll(named)].map((match) => match[1] ?? '');
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
      const explained = help(language, 'envoy-control');
      for (const name of commandNames) {
        assert.ok(control.get(`command.${name}`) && control.get(`payload.${name}`), `${language} ${name}`);
        assert.match(explained, new RegExp(`^- \`${name}\` ?:`, 'm'), `${language} help ${name}`);
      }
    }
  });

  it('keep a status short enough to be read below a node', () => {
    for (const { language, type, key, text } of everyText()) {
      // A status of a gateway stands in narrow dashboards, too.
      const longest = type.startsWith('envoy-') ? 22 : 26;
      if (key.startsWith('status.')) {
        assert.ok(filled(text).length <= longest, `${language} ${type} ${key} "${text}"`);
      }
    }
  });

  it('keep what stands beside a field within its column', () => {
    for (const type of types) {
      for (const key of columnLabels(type)) {
        for (const language of languages) {
          const text = catalog(language, type).get(key) ?? '';
          assert.ok(text.length > 0 && text.length <= 19, `${language} ${type} ${key} "${text}"`);
        }
      }
    }
  });

  it('are translated, all but names and words that are the same', () => {
    for (const { language, type, key, text } of everyText()) {
      const words = text.replace(/__\w+?__|https?:\S+|mongodb:\S+/g, '');
      if (language === 'en-US' || !/[a-z]{3}/i.test(words) || sameWords.has(text)) continue;
      assert.notEqual(text, catalog('en-US', type).get(key), `${language} ${type} ${key}`);
    }
  });

  it('close every bracket, quote and placeholder, and end like the English text', () => {
    for (const { language, type, key, text } of everyText()) {
      const place = `${language} ${type} ${key} "${text}"`;
      for (const [open, close] of pairs(language)) assert.equal(count(text, open), count(text, close), place);
      assert.equal(count(text, '"') % 2, 0, place);
      assert.doesNotMatch(text.replace(/__\w+?__/g, ''), /__/, place);
      assert.doesNotMatch(text, /^\s|\s$|\s{2}/, place);
      if (!key.startsWith('status.')) assert.equal(ending(text), ending(catalog('en-US', type).get(key) ?? ''), place);
    }
  });

  it('put spaces in French where French wants them', () => {
    for (const [place, text] of proseOf('fr')) {
      // What JSON stands in a text keeps its own form.
      const french = text.replace(/"[^"]*"|\{.*\}/g, 'x');
      assert.doesNotMatch(french, /[^\s][:;?!](?=\s)|«\S|\S»/, `${place} "${text}"`);
    }
  });

  it('call a node as the palette does', () => {
    for (const language of languages) {
      const names = paletteNames(language);
      for (const [place, text] of proseOf(language)) {
        const plain = names.reduce((rest, name) => rest.replaceAll(name, ''), text);
        assert.doesNotMatch(plain, /\b(envoy-(read|control|gateway)|linky-read|enedis-account)\b/, place);
        assert.doesNotMatch(plain, /\b(nod[eoi]|noeud)s? [*“„«]? ?device-flow\b|device-flow nodes?\b/i, place);
        for (const name of namedNodes(language, text)) assert.ok(names.includes(name), `${place} names "${name}"`);
      }
    }
  });
});
