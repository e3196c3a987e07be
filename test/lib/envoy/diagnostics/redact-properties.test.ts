import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Redactor } from '../../../../lib/envoy/diagnostics/redaction/redactor.js';
import { at, redactedBody } from './support.js';

const runs = { numRuns: 300 };

const digits = (minimum: number, maximum: number): fc.Arbitrary<string> =>
  fc
    .stringMatching(new RegExp(`^[1-9][0-9]{${minimum - 1},${maximum - 1}}$`))
    .filter((text) => /[^0]/.test(text.slice(1)));
const word = fc.stringMatching(/^[A-Za-z][A-Za-z0-9]{3,11}$/);
const hex = (length: number): fc.Arbitrary<string> =>
  fc.stringMatching(new RegExp(`^[1-9][a-e][0-9a-f]{${length - 2}}$`));
const octet = fc.integer({ min: 1, max: 223 }).filter((value) => value !== 127);
const part = fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/);

/** Secrets that are told by their looks. */
const visible: fc.Arbitrary<string> = fc.oneof(
  digits(11, 14),
  fc.tuple(part, part, part).map(([head, body, signature]) => `eyJ${head}.${body}.${signature}`),
  fc.tuple(word, word).map(([name, domain]) => `${name}@${domain}.example`),
  fc.array(hex(2), { minLength: 6, maxLength: 6 }).map((bytes) => bytes.join(':')),
  fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.')),
  fc.tuple(hex(4), hex(4), hex(4)).map((groups) => `2a01:${groups.join('::').replace('::', ':')}`),
  hex(32),
);

/** Secrets that only their key tells. */
const telling = fc.tuple(
  fc.constantFrom(
    'ssid',
    'password',
    'sessionId',
    'wifi_psk',
    'networkKey',
    'load_name',
    'city',
    'first-name',
    'serial_num',
  ),
  fc.stringMatching(/^[QWXZ][a-z]{2}[0-9][a-zA-Z0-9 ]{2,12}[QWXZ]$/),
);

const harmless = fc.stringMatching(/^[a-d ]{0,6}$/);
const surroundings = fc.tuple(harmless, fc.constantFrom(' ', '/', ',', '"', '<', '\n', ''), harmless);

/** A text that holds the secret next to others; next to letters only where there is nothing else. */
const around = (secret: string): fc.Arbitrary<string> =>
  surroundings.map(([before, limit, after]) => (limit === '' ? secret : before + limit + secret + limit + after));

interface Planted {
  readonly secret: string;
  readonly document: unknown;
}

/** Arbitrary JSON with a secret somewhere in it: as a value, in a text or in a key. */
const planted: fc.Arbitrary<Planted> = fc
  .tuple(visible, fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 2 }), word)
  .chain(([secret, first, second, key]) =>
    around(secret).chain((text) =>
      fc
        .constantFrom<unknown>(
          text,
          [first, text, second],
          { [key]: text, other: first },
          { [key]: { [text]: second } },
          [{ [key]: [first, { deep: text }] }, second],
          { embedded: JSON.stringify({ [key]: text }) },
        )
        .map((document) => ({ secret, document: { top: document } })),
    ),
  );

function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.values(value).map(shapeOf);
}

describe('redaction of arbitrary replies', () => {
  it('lets no secret that can be told by its looks survive in JSON', () => {
    fc.assert(
      fc.property(planted, fc.constantFrom(undefined, 2), ({ secret, document }, indent) => {
        const redacted = redactedBody(JSON.stringify(document, null, indent));
        assert.ok(!redacted.includes(secret), redacted);
        JSON.parse(redacted);
      }),
      runs,
    );
  });

  it('lets none survive in JSON that was cut off after it', () => {
    fc.assert(
      fc.property(planted, fc.nat(20), ({ secret, document }, more) => {
        const body = JSON.stringify(document);
        const end = body.lastIndexOf(secret) + secret.length + more;
        assert.ok(!redactedBody(body.slice(0, end)).includes(secret));
      }),
      runs,
    );
  });

  it('lets none survive in XML, HTML or plain text', () => {
    const text = visible.chain((secret) => around(secret).map((whole) => [secret, whole] as const));
    const escaped = (plain: string): string => plain.replaceAll('<', '&lt;').replaceAll('"', '&quot;');
    fc.assert(
      fc.property(text, word, ([secret, whole], name) => {
        const bodies = [
          `<?xml version="1.0"?><a><${name}>${escaped(whole)}</${name}></a>`,
          `<html><p ${name}="${escaped(whole)}">x<br></p></html>`,
          `<a><!-- ${whole} --><![CDATA[${whole}]]></a>`,
          `log: ${whole}`,
        ];
        for (const body of bodies) assert.ok(!redactedBody(body).includes(secret), body);
      }),
      runs,
    );
  });

  it('lets no value of a telling key survive, there or in other texts', () => {
    fc.assert(
      fc.property(telling, fc.jsonValue({ maxDepth: 2 }), ([key, secret], other) => {
        const json = JSON.stringify({ other, [key]: secret, message: `about ${secret}, again` });
        const listed = JSON.stringify([{ [key]: [secret] }, { text: `(${secret})` }]);
        const xml = `<a><${key}>${secret}</${key}><b c="${secret}"/></a>`;
        for (const body of [json, listed, xml]) assert.ok(!redactedBody(body).includes(secret), redactedBody(body));
      }),
      runs,
    );
  });

  it('keeps the structure of JSON', () => {
    fc.assert(
      fc.property(planted, telling, ({ document }, [key, secret]) => {
        const whole = { document, [key]: secret };
        const redacted: unknown = JSON.parse(redactedBody(JSON.stringify(whole)));
        assert.deepEqual(shapeOf(redacted), shapeOf(whole));
      }),
      runs,
    );
  });

  it('keeps every number that measures something as it is spelled', () => {
    const figures = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
      fc.tuple(fc.integer(), fc.stringMatching(/^[0-9]{1,14}$/)).map(([whole, rest]) => `${whole}.${rest}`),
    );
    const keys = fc.constantFrom(
      'wNow',
      'joulesProduced',
      'whLifetime',
      'activePower',
      'createdAt',
      'eid',
      'voltage',
      'freq',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, figures)), (entries) => {
        const body = `[${entries.map(([key, value]) => `{"${key}": ${value}, "list": [${value}]}`).join(', ')}]`;
        assert.equal(redactedBody(body), body);
      }),
      runs,
    );
  });

  it('changes nothing any more in what it redacted', () => {
    fc.assert(
      fc.property(planted, telling, fc.string(), ({ document }, [key, secret], salt) => {
        const redactor = new Redactor(salt, at);
        for (const body of [
          JSON.stringify({ document, [key]: secret, said: secret }),
          `<a><${key}>${secret}</${key}><b>${secret.slice(1)} 192.168.1.77 Europe/Oslo</b></a>`,
        ]) {
          redactor.text(body);
          const once = redactor.text(body);
          assert.equal(redactor.text(once), once);
        }
      }),
      runs,
    );
  });

  it('gives equal serial numbers equal replacements and different ones different replacements', () => {
    fc.assert(
      fc.property(fc.uniqueArray(digits(12, 12), { minLength: 2, maxLength: 60 }), (serials) => {
        const bodies = {
          list: serials.map((serial_num) => ({ serial_num })),
          map: Object.fromEntries(serials.map((serial) => [serial, 1])),
        };
        const { list, map } = JSON.parse(redactedBody(JSON.stringify(bodies))) as {
          list: { serial_num: string }[];
          map: Record<string, number>;
        };
        const others = list.map(({ serial_num }) => serial_num);
        assert.equal(new Set(others).size, serials.length);
        assert.deepEqual(Object.keys(map).sort(), [...others].sort());
      }),
      { numRuns: 50 },
    );
  });
});
