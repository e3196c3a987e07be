import assert from 'node:assert/strict';
import { redact } from '../../../../lib/envoy/diagnostics/redact.js';
import { at, bundleOf, redactedBodies, redactedBody, redactedDocument } from './support.js';

const jsonWebToken =
  'eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJhdWQiOiIxMjI2MDAwMDAwNDIiLCJleHAiOjF9.c2lnbmF0dXJlLXdpdGgtYnl0ZXM';

describe('redaction of replies', () => {
  it('replaces a serial number by one of its shape, the same everywhere: in values, keys, texts and XML', () => {
    const [list = '', tree = '', xml = '', page = ''] = redactedBodies([
      '[{"serialNumber": "121512041640"}]',
      '{"serial_nums": {"121512041640": {"device_type": 13}}}',
      '<envoy_info><device><sn>121512041640</sn></device></envoy_info>',
      '<html><body alt="x">Envoy Serial Number: 121512041640</body></html>',
    ]);
    const [{ serialNumber: other } = { serialNumber: '' }] = JSON.parse(list) as { serialNumber: string }[];
    assert.match(other, /^[1-9]\d{11}$/);
    assert.notEqual(other, '121512041640');
    assert.equal(tree, `{"serial_nums": {"${other}": {"device_type": 13}}}`);
    assert.equal(xml, `<envoy_info><device><sn>${other}</sn></device></envoy_info>`);
    assert.ok(page.includes(`Number: ${other}<`));
  });

  it('replaces it by another one in another bundle', () => {
    const body = '{"sn": "121512041640"}';
    assert.notEqual(redactedBody(body, { salt: 'one' }), redactedBody(body, { salt: 'two' }));
    assert.equal(redactedBody(body, { salt: 'one' }), redactedBody(body, { salt: 'one' }));
  });

  it('leaves everything of a document as it is spelled but what it replaces', () => {
    const body = '{ "wNow": 5811.0990,\n\t"list" : [1.50, -0.0, 1e3, null, true],"text": "caf\\u00e9 \\/ 1.50" }\n';
    assert.equal(redactedBody(body), body);
  });

  it('leaves measurements, times and eids alone, however long they are', () => {
    const document = {
      eid: 1778385169,
      joulesProduced: 354281850123,
      whLifetime: 123456789012,
      created: 1748576887,
      last_rpt_date: '1748576887',
      collected: 1748576887123,
      flags_hex: '0x0000000000200000',
      version: '08.03.5169',
      part_num: '800-00654-r08',
      img_pnum_running: '520-00082-r01-v04.30.32',
      freq_bias_hz: -1.3200000524520874,
      rate: 0.07000000029802322,
    };
    assert.deepEqual(redactedDocument(document), document);
  });

  it('leaves an eid as text where it is a number elsewhere', () => {
    const [first = '', second = ''] = redactedBodies(['{"1627390225": {"value": 1}}', '[{"eid": 1627390225}]']);
    assert.equal(first, '{"1627390225": {"value": 1}}');
    assert.equal(second, '[{"eid": 1627390225}]');
  });

  it('replaces serial numbers that are numbers by numbers of as many digits', () => {
    const { serial_num, device } = redactedDocument({ serial_num: 121512041640, device: 482208990001 }) as {
      serial_num: number;
      device: number;
    };
    assert.match(String(serial_num), /^\d{12}$/);
    assert.match(String(device), /^\d{12}$/);
    assert.notDeepEqual([serial_num, device], [121512041640, 482208990001]);
  });

  it('takes out tokens, cookies, sessions, passwords and keys', () => {
    const secrets = ['f00dfacef00dfacef00dfacef00dface', 'hunter2', 's3cret phrase', 'K3y-of-the-house', 'abc.def'];
    const [session = '', password = '', phrase = '', key = '', odd = ''] = secrets;
    const body = JSON.stringify({
      sessionId: session,
      user_password: password,
      wifi: { passphrase: phrase, network_key: key },
      manager_token: odd,
      cookies: { first: odd, list: [odd] },
      said: `Cookie: sessionId=${session}; Path=/ Authorization: Bearer ${jsonWebToken}`,
    });
    const redacted = redactedBody(body);
    for (const secret of [...secrets, jsonWebToken]) assert.ok(!redacted.includes(secret), secret);
    assert.ok(redacted.includes('; Path=/ Authorization: Bearer [token-1]'));
  });

  it('takes out names, networks, places and coordinates', () => {
    assert.deepEqual(
      redactedDocument({
        ssid: 'Les Lilas',
        load_name: 'Piscine de Jeanne',
        site: { address: { street: '3 rue Haute', zip: '69001' }, latitude: 45.764, longitude: 4.8357 },
        email: 'jeanne@example.org',
        status: 'Les Lilas: connected as jeanne@example.org',
        state: 'enabled',
      }),
      {
        ssid: '[network-1]',
        load_name: '[name-1]',
        site: { address: { street: '[place-1]', zip: '[place-2]' }, latitude: 0, longitude: 0 },
        email: 'user-1@example.invalid',
        status: '[network-1]: connected as user-1@example.invalid',
        state: 'enabled',
      },
    );
  });

  it('keeps nothing but the offset of a time zone', () => {
    const zones = { timezone: 'Europe/Paris', tz: 'America/St_Johns', time_zone: 'Japan', text: 'in US/Pacific now' };
    assert.deepEqual(redactedDocument({ ...zones, other: { timezone: 'UTC' } }), {
      timezone: 'Etc/GMT-2',
      tz: '-02:30',
      time_zone: 'Etc/GMT-9',
      text: 'in Etc/GMT+7 now',
      other: { timezone: 'UTC' },
    });
  });

  it('replaces addresses consistently, each within its kind', () => {
    const document = {
      ip: '192.168.3.112',
      url: 'http://192.168.3.112:80/ and 8.8.4.4, fe80::1c2d:3e4f',
      mac: '00:1D:C0:7F:B6:3B',
      same: '001dc07fb63b',
      mask: '255.255.255.0',
      none: '00:00:00:00:00:00',
    };
    const { ip, url, mac, same, mask, none } = redactedDocument(document) as typeof document;
    assert.match(ip, /^192\.168\.\d+\.\d+$/);
    assert.notEqual(ip, document.ip);
    assert.ok(url.startsWith(`http://${ip}:80/ and 198.1`) && url.includes(', fe80::') && !url.includes('1c2d'));
    assert.match(mac, /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
    assert.notEqual(mac, document.mac);
    assert.equal(same, mac.replaceAll(':', '').toLowerCase());
    assert.deepEqual([mask, none], [document.mask, document.none]);
  });

  it('redacts what is cut off, or JSON within JSON', () => {
    const cut = redactedBody('{"list": [{"serial_num": "121512041640", "ssid": "Les Li');
    assert.match(cut, /^\{"list": \[\{"serial_num": "\d{12}", "ssid": "/);
    assert.ok(!cut.includes('121512041640') && !cut.includes('Les'));
    const inner = JSON.stringify({ ssid: 'Les Lilas', watts: 12 });
    assert.deepEqual(redactedDocument({ reply: inner }), { reply: '{"ssid":"[network-1]","watts":12}' });
  });

  it('keeps XML well formed', () => {
    const xml = '<a name="boot"><wifi ssid="Tom &amp; Jo">x</wifi><owner>Tom &amp; Jo &lt;3</owner><w>1.50</w></a>';
    assert.equal(
      redactedBody(xml),
      '<a name="boot"><wifi ssid="[network-1]">x</wifi><owner>[name-1]</owner><w>1.50</w></a>',
    );
  });

  it('keeps the keys of the gateway although a network is called like one', () => {
    assert.deepEqual(redactedDocument({ production: [{ type: 'production' }], ssid: 'production' }), {
      production: [{ type: 'production' }],
      ssid: '[network-1]',
    });
  });

  it('replaces the end of the serial number of the gateway to match', () => {
    const gateway = { serial: '122600000042', firmware: '8.3.5169', metered: true, tokens: true };
    const bundle = redact(bundleOf({ '/home': '{"ap": "Envoy_000042"}' }, { gateway }), { salt: 'salt' });
    const serial = bundle.gateway?.serial ?? '';
    assert.notEqual(serial, gateway.serial);
    assert.ok(!JSON.stringify(bundle).includes('122600000042'));
    const [home] = bundle.endpoints;
    assert.equal(home?.body, `{"ap": "Envoy_${serial.slice(-6)}"}`);
  });

  it('redacts settings and failures, and takes out what it is told is secret', () => {
    const problem = { code: 'token_rejected', message: 'serial 122600000042 at my.house.example, pass word!' };
    const error = { code: 'http_status', message: 'https://192.168.7.9/x for jo@example.org' };
    const plain = bundleOf({ '/a': 'Pass Word! inside xpass word!x' }, { error, session: { problem } });
    const bundle = redact(plain, { salt: 'salt', secrets: ['my.house.example', 'pass word!'] });
    const text = JSON.stringify(bundle).toLowerCase();
    for (const secret of ['122600000042', 'my.house', 'pass word', '192.168.7.9', 'jo@example.org']) {
      assert.ok(!text.includes(secret), secret);
    }
    assert.equal(bundle.session.problem?.code, 'token_rejected');
    assert.deepEqual(bundle.versions, plain.versions);
    assert.equal(bundle.collectedAt, at);
  });

  it('ends with whatever a gateway may answer', () => {
    const length = 200_000;
    const parts = [
      'aB1',
      '1',
      'a1',
      '1.',
      'aa:',
      '::',
      '<',
      '<a b="',
      ' ',
      '[',
      '{"a":',
      '\\"',
      'a-',
      'a@b.',
      'token=',
      '0x1',
    ];
    for (const part of parts) {
      for (const before of ['', '{"a": "', '<a>x']) {
        const body = before + part.repeat(length / part.length) + 'x';
        assert.notEqual(redactedBody(body), '', `${before}${part}`);
      }
    }
  }).timeout(60_000);

  it('gives a redacted bundle back as it is', () => {
    const once = redact(bundleOf({ '/a': '{"sn": "122600000042"}' }), { salt: 'salt' });
    assert.equal(once.redacted, true);
    assert.deepEqual(redact(once, { salt: 'other' }), once);
  });
});
