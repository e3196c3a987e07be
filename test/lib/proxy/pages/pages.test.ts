import assert from 'node:assert/strict';
import { devicePage } from '../../../../lib/proxy/pages/device.js';
import { landingPage } from '../../../../lib/proxy/pages/landing.js';
import { chooseLanguage } from '../../../../lib/proxy/pages/language.js';
import { palettes, stylesheet, type Palette } from '../../../../lib/proxy/pages/style.js';
import { english } from '../../../../lib/proxy/pages/texts/en.js';
import { french } from '../../../../lib/proxy/pages/texts/fr.js';
import { everyPage, viewFor } from './sample-pages.js';

const request = { code: 'XRWV-EPJG', application: 'DomoticzLinky', minutesAgo: 2, minutesLeft: 3 };

/** Every text under its path; functions are given plain arguments. */
function textsBelow(value: unknown, path = ''): Record<string, string> {
  if (typeof value === 'string') return { [path]: value };
  if (typeof value === 'function')
    return textsBelow((value as (...all: unknown[]) => unknown)('Enedis', 'Enedis'), path);
  return Object.assign(
    {},
    ...Object.entries(value as object).map(([name, below]) => textsBelow(below, `${path}.${name}`)),
  ) as Record<string, string>;
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast of two colours by WCAG 2.2. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

describe('lib/proxy/pages: what every page keeps to', () => {
  for (const language of ['fr', 'en']) {
    for (const [name, page] of Object.entries(everyPage(language, 'Somebody'))) {
      it(`${name} (${language}): one h1, its language, no script, no style of its own, nothing from elsewhere`, () => {
        assert.equal(page.match(/<h1[\s>]/g)?.length, 1);
        assert.match(page, new RegExp(`^<!doctype html>\\s*<html lang="${language}">`));
        assert.doesNotMatch(page, /<script|<style|\sstyle=|\son[a-z]+=|<iframe|<img|javascript:/i);
        const loaded = [...page.matchAll(/<link[^>]*href="([^"]*)"/g)].map(([, address]) => address ?? '');
        assert.ok(loaded.length === 1 && loaded[0]?.startsWith('/linky/style.css?v='), loaded.join());
      });
    }
  }

  it('nothing is left unsaid: no page shows "undefined" or an object', () => {
    for (const language of ['fr', 'en']) {
      for (const page of Object.values(everyPage(language, 'x'))) {
        assert.doesNotMatch(page, /undefined|\[object|=>|NaN/);
      }
    }
  });
});

describe('lib/proxy/pages: texts', () => {
  it('every text exists in both languages, and says something', () => {
    const [fr, en] = [textsBelow(french), textsBelow(english)];
    assert.deepEqual(Object.keys(en).sort(), Object.keys(fr).sort());
    for (const [path, text] of Object.entries({ ...fr, ...en })) assert.notEqual(text.trim(), '', path);
  });

  it('no text was forgotten in translation', () => {
    const [fr, en] = [textsBelow(french), textsBelow(english)];
    const same = Object.keys(fr).filter((path) => fr[path] === en[path]);
    assert.deepEqual(same.sort(), ['.contact', '.device.application', '.device.code', '.error.code']);
  });

  for (const [header, language] of [
    [null, 'fr'],
    ['', 'fr'],
    ['de', 'fr'],
    ['en', 'en'],
    ['en-GB,en;q=0.9', 'en'],
    ['fr-CA,en;q=0.5', 'fr'],
    ['de,en;q=0.5,fr;q=0.4', 'en'],
    ['en;q=0.4,fr;q=0.5', 'fr'],
    ['en;q=0', 'fr'],
    ['EN;q=1', 'en'],
    [`x${','.repeat(10_000)}en`, 'fr'],
  ] as const) {
    it(`Accept-Language ${String(header).slice(0, 30)} is answered in ${language}`, () => {
      assert.equal(chooseLanguage(header), language);
    });
  }
});

describe('lib/proxy/pages: landing', () => {
  it('says what is kept, truly for the mode', () => {
    assert.match(
      landingPage(viewFor('fr')),
      /PRM[\s\S]*Elles n’y sont pas conservées|Elles n’y sont pas conservées[\s\S]*PRM/,
    );
    const relay = landingPage(
      viewFor('en', {
        mode: 'authorization_code',
        endpoints: { authorization: 'https://login.example.org/a', token: '', applicationToken: '', data: '' },
      }),
    );
    assert.match(relay, /do not pass through this service/);
    assert.match(relay, /login\.example\.org/);
    assert.doesNotMatch(relay, /Enedis|Linky meter|PRM/);
  });

  it('shows what the operator says, and leads to the form', () => {
    const page = landingPage(
      viewFor('en', {
        page: {
          title: 'Our proxy',
          operator: 'The village',
          legalNotice: 'Hosted here.',
          privacyNotice: 'We keep little.',
          contact: 'mailto:us@p.test',
        },
      }),
    );
    for (const part of [
      /<h1>Our proxy</,
      /The village/,
      /Hosted here\./,
      /We keep little\./,
      /href="mailto:us@p\.test"/,
    ]) {
      assert.match(page, part);
    }
    assert.match(page, /href="\/linky\/device"/);
  });
});

describe('lib/proxy/pages: form', () => {
  it('8.1 (2): an empty field with its label, a placeholder, and no memory', () => {
    const page = devicePage(viewFor('fr'), { code: '', csrf: 'token' });
    const field = /<input[^>]*id="code"[^>]*>/.exec(page)?.[0] ?? '';
    for (const part of ['name="code"', 'value=""', 'placeholder="XXXX-XXXX"', 'autocomplete="off"', 'autofocus']) {
      assert.ok(field.includes(part), part);
    }
    assert.doesNotMatch(field, /pattern=/);
    assert.match(page, /<label for="code">/);
    assert.match(page, /<form method="post" action="\/linky\/device">/);
    assert.match(page, /<input type="hidden" name="csrf" value="token"/);
  });

  it('names who asks, since when and until when, and asks to compare the code (RFC 8628 5.4)', () => {
    const page = devicePage(viewFor('fr'), { code: 'XRWV-EPJG', csrf: 'token', request });
    for (const part of [
      /DomoticzLinky/,
      /il y a 2 minutes/,
      /<code>XRWV-EPJG<\/code>/,
      /Comparez ce code/,
      /dans 3\u00a0minutes/,
    ]) {
      assert.match(page, part);
    }
  });

  it('announces what was wrong with the code, and ties it to the field', () => {
    const page = devicePage(viewFor('en'), { code: 'ABCD', csrf: 'token', problem: 'unknown' });
    const id = /role="alert" id="([^"]+)"/.exec(page)?.[1];
    const field = /<input[^>]*id="code"[^>]*>/.exec(page)?.[0] ?? '';
    assert.ok(id !== undefined && field.includes(`aria-describedby="${id} `), field);
    assert.match(field, /aria-invalid="true"/);
    assert.match(page, /This code is not valid/);
  });
});

describe('lib/proxy/pages: style', () => {
  const pairs: readonly (readonly [keyof Palette, keyof Palette, number])[] = [
    ['text', 'ground', 4.5],
    ['text', 'surface', 4.5],
    ['quiet', 'ground', 4.5],
    ['quiet', 'surface', 4.5],
    ['accent', 'surface', 4.5],
    ['onAccent', 'accent', 4.5],
    ['onNotice', 'notice', 4.5],
    ['onAlert', 'alert', 4.5],
    ['border', 'surface', 3],
    ['alertLine', 'surface', 3],
    ['accent', 'ground', 3],
  ];
  for (const [name, palette] of Object.entries(palettes)) {
    it(`${name}: every text can be read and every field seen (WCAG 2.2 AA)`, () => {
      for (const [front, back, least] of pairs) {
        const found = contrast(palette[front], palette[back]);
        assert.ok(found >= least, `${front} on ${back}: ${found.toFixed(2)}`);
      }
    });
  }

  it('has no colour besides the two palettes, and loads nothing', () => {
    const known = new Set([palettes.light, palettes.dark].flatMap((palette) => Object.values<string>({ ...palette })));
    const used = stylesheet.match(/#[0-9a-f]{3,8}\b/gi) ?? [];
    assert.deepEqual(
      used.filter((colour) => !known.has(colour)),
      [],
    );
    assert.doesNotMatch(stylesheet, /url\(|@import|https?:/);
  });
});
