import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EnergyError } from '../../../lib/errors.js';
import { parseInfo } from '../../../lib/envoy/info.js';

const host = 'envoy.local';

/** The document of a gateway with these children of `device` and of the root. */
function document(device: string, more = ''): string {
  return `<?xml version='1.0' encoding='UTF-8'?>\n<envoy_info>\n  <time>1717243200</time>\n  <device>${device}</device>${more}\n</envoy_info>\n`;
}
const device = (software: string, more = ''): string =>
  `<sn>012345678901</sn><pn>800-00555-r03</pn><software>${software}</software>${more}`;

describe('what a gateway says of itself', () => {
  it('is read whole', () => {
    const xml = document(
      device('D8.2.4264', '<euaid>4c8675</euaid><seqnum>0</seqnum><apiver>1</apiver><imeter>true</imeter>'),
      '<web-tokens>true</web-tokens><package name="app"><pn>500</pn><version>09.00</version></package>' +
        '<build_info><build_id>x</build_id><build_time_gmt>1</build_time_gmt></build_info>',
    );
    assert.deepEqual(parseInfo(xml, host), {
      serial: '012345678901',
      firmware: '8.2.4264',
      partNumber: '800-00555-r03',
      metered: true,
      tokens: true,
      time: 1_717_243_200,
    });
  });

  it('is enough with a serial number and a version', () => {
    const xml = '<envoy_info><device><sn>x1</sn><software>R3.9.36</software></device></envoy_info>';
    assert.deepEqual(parseInfo(xml, host), { serial: 'x1', firmware: '3.9.36', metered: false, tokens: false });
  });

  const versions: [software: string, firmware: string, tokens: boolean][] = [
    ['R4.10.35', '4.10.35', false],
    ['M4.2.33', '4.2.33', false],
    ['D5.0.49', '5.0.49', false],
    ['D6.99.999', '6.99.999', false],
    ['D7.0.0', '7.0.0', true],
    ['D7.0', '7.0', true],
    ['D10.1', '10.1', true],
    ['  D8.3.5169 (c8b9)\n', '8.3.5169', true],
  ];
  for (const [software, firmware, tokens] of versions) {
    it(`shows that ${software.trim()} wants ${tokens ? 'a token' : 'Digest'}`, () => {
      const info = parseInfo(document(device(software)), host);
      assert.deepEqual([info.firmware, info.tokens], [firmware, tokens]);
    });
  }

  it('may want tokens whatever its version', () => {
    assert.equal(parseInfo(document(device('D5.0.1'), '<web-tokens>true</web-tokens>'), host).tokens, true);
    assert.equal(parseInfo(document(device('D8.0.1'), '<web-tokens>false</web-tokens>'), host).tokens, true);
  });

  it('is metered only where it says exactly that', () => {
    for (const text of ['false', 'TRUE', '1', '']) {
      assert.equal(parseInfo(document(device('D8.0.0', `<imeter>${text}</imeter>`)), host).metered, false);
    }
  });

  it('has no time where it gives none', () => {
    for (const time of ['', ' ', 'now']) {
      const xml = document(device('D8.0.0')).replace('1717243200', time);
      assert.equal('time' in parseInfo(xml, host), false, `time "${time}"`);
    }
  });

  it('is found in the right place only', () => {
    const decoys = '<package name="x"><sn>999</sn><software>D1.0.0</software></package><software>D2.0.0</software>';
    assert.equal(parseInfo(document(device('D8.0.0'), decoys), host).firmware, '8.0.0');
  });

  const strangers: [what: string, text: string][] = [
    ['nothing', ''],
    ['a page', '<!DOCTYPE html><html><body><p>Welcome<br></body></html>'],
    ['well-formed XML of something else', '<router><device><sn>1</sn><software>D8.0.0</software></device></router>'],
    ['JSON', '{"sn":"1"}'],
    ['a document cut off', document(device('D8.0.0')).slice(0, 120)],
    ['a document cut off at its end', document(device('D8.0.0')).trim().slice(0, -3)],
    ['no serial number', document('<software>D8.0.0</software>')],
    ['a serial number with markup', document('<sn>a&lt;b</sn><software>D8.0.0</software>')],
    ['no version', document('<sn>012345678901</sn>')],
    ['a version that is none', document(device('unknown'))],
    ['an entity of its own', `<!DOCTYPE x [<!ENTITY a "1">]>${document(device('D8.0.&a;'))}`],
  ];
  for (const [what, text] of strangers) {
    it(`is no gateway's: ${what}`, () => {
      assert.throws(() => parseInfo(text, host), { name: 'EnergyError', code: 'not_a_gateway' });
    });
  }

  it('raises nothing else whatever the text', () => {
    const whole = document(device('D8.0.0'));
    const broken = fc.tuple(fc.nat(whole.length), fc.nat(20), fc.string()).map(([at, length, text]) => {
      return whole.slice(0, at) + text + whole.slice(at + length);
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), broken), (text) => {
        try {
          parseInfo(text, host);
        } catch (error) {
          assert.equal((error as EnergyError).code, 'not_a_gateway');
        }
      }),
    );
  });
});
