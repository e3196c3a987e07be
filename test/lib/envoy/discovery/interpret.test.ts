import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import fc from 'fast-check';
import { gatewayUrl } from '../../../../lib/envoy/address.js';
import { dueQuestions, type AskedQuestions } from '../../../../lib/envoy/discovery/discover.js';
import type { FoundGateway } from '../../../../lib/envoy/discovery/found-gateway.js';
import { interpretAnswers, missingQuestions } from '../../../../lib/envoy/discovery/interpret.js';
import { addPacket, noRecords } from '../../../../lib/envoy/discovery/records.js';
import {
  address,
  gateway,
  machine,
  otherSerial,
  pointer,
  response,
  serial,
  service,
  text,
  type Announced,
} from './announcements.js';

const plain: FoundGateway = {
  serial,
  host: '192.168.1.20',
  addresses: ['192.168.1.20'],
  protocolVersion: '8.3.5286',
  name: 'envoy',
};

const known = (...packets: unknown[]) => {
  const records = noRecords();
  for (const packet of packets) addPacket(records, packet);
  return records;
};

const asked = (...packets: unknown[]) => missingQuestions(known(...packets)).map(({ type, name }) => `${type} ${name}`);

describe('discovery: interpreting announcements', () => {
  const usual = [pointer(), machine(), text(), address('192.168.1.20')];
  const cases: Readonly<Record<string, [packets: readonly unknown[], expected: readonly FoundGateway[]]>> = {
    'one packet': [[response(usual)], [plain]],
    'an answer with additionals': [[response([pointer()], usual.slice(1))], [plain]],
    'a packet for each record, backwards': [[...usual].reverse().map((record) => response([record])), [plain]],
    'the same announcement twice': [[response(usual), response(usual)], [plain]],
    'names in another case, with a dot at the end, keys in capitals': [
      [
        response([
          { ...pointer(), name: '_Enphase-Envoy._TCP.Local.', data: 'ENVOY._enphase-envoy._tcp.LOCAL.' },
          { ...machine(), data: { target: 'Envoy.Local.', port: 80 } },
          { ...text(), data: ['PROTOVERS=8.3.5286', 'SerialNum=123456789012'] },
          address('192.168.1.20', 'ENVOY.local'),
        ]),
      ],
      [{ ...plain, name: 'ENVOY' }],
    ],
    'texts as bytes': [
      [
        response([
          ...usual,
          { ...text(), data: [Buffer.from('serialnum=123456789012'), Buffer.from('protovers=8.3.5286')] },
        ]),
      ],
      [plain],
    ],
    'Ethernet and Wi-Fi under one name': [
      [response([...usual, address('192.168.1.9')])],
      [{ ...plain, host: '192.168.1.9', addresses: ['192.168.1.9', '192.168.1.20'] }],
    ],
    'Ethernet and Wi-Fi as two instances': [
      [response(gateway('envoy-2', serial, '192.168.1.100')), response(usual)],
      [{ ...plain, addresses: ['192.168.1.20', '192.168.1.100'] }],
    ],
    'IPv6 beside IPv4': [
      [response([...usual, address('fd12::AB'), address('fe80::1')])],
      [{ ...plain, addresses: ['192.168.1.20', 'fd12::ab'] }],
    ],
    'IPv6 only': [
      [response(gateway('envoy', serial, 'FD12:0:0::ab'))],
      [{ ...plain, host: '[fd12::ab]', addresses: ['fd12::ab'] }],
    ],
    'IPv6 link-local only': [
      [response(gateway('envoy', serial, 'fe80::1', 'febf::1'))],
      [{ ...plain, host: 'envoy.local', addresses: [] }],
    ],
    'the access point of the gateway beside its network': [
      [response(gateway('envoy', serial, '169.254.120.1', '192.168.1.20'))],
      [{ ...plain, addresses: ['192.168.1.20', '169.254.120.1'] }],
    ],
    'an unusual port': [
      [response([pointer(), machine('envoy', 'envoy.local', 8443), text(), address('192.168.1.20')])],
      [{ ...plain, host: '192.168.1.20:8443' }],
    ],
    'two gateways': [
      [response(gateway('envoy-2', otherSerial, '192.168.1.21')), response(usual)],
      [plain, { ...plain, serial: otherSerial, name: 'envoy-2', host: '192.168.1.21', addresses: ['192.168.1.21'] }],
    ],
    'no pointer': [[response(usual.slice(1))], [plain]],
    'no version': [
      [response([pointer(), machine(), { ...text(), data: 'serialnum=123456789012' }, address('192.168.1.20')])],
      [{ serial, host: '192.168.1.20', addresses: ['192.168.1.20'], name: 'envoy' }],
    ],
    'a name with control characters': [
      [
        response(gateway('en\u0007\u202evoy', serial)),
        response([machine('en\u0007\u202evoy', 'x.local'), address('10.0.0.1', 'x.local')]),
      ],
      [{ ...plain, host: '10.0.0.1', addresses: ['10.0.0.1'] }],
    ],
    'an address taken back': [
      [response([...usual, address('192.168.1.9')]), response([{ ...address('192.168.1.9'), ttl: 0 }])],
      [plain],
    ],
    'a gateway that says goodbye': [[response(usual), response([{ ...pointer(), ttl: 0 }])], []],
    'another service': [
      [response(JSON.parse(JSON.stringify(usual).replaceAll('_enphase-envoy', '_http')) as Announced[])],
      [],
    ],
    'no serial number': [[response([pointer(), machine(), address('192.168.1.20')])], []],
    'a serial number that is none': [
      [response([pointer(), machine(), text('envoy', '<b>1</b>'), address('192.168.1.20')])],
      [],
    ],
    'no machine': [[response([pointer(), text(), address('192.168.1.20')])], []],
    'addresses at which nobody can be called': [
      [
        response(
          gateway(
            'envoy',
            serial,
            '127.0.0.1',
            '0.0.0.0',
            '255.255.255.255',
            '224.0.0.251',
            '::1',
            '::',
            'ff02::fb',
            '::ffff:10.0.0.1',
          ),
        ),
      ],
      [{ ...plain, host: 'envoy.local', addresses: [] }],
    ],
    'this machine as a name': [
      [response([pointer(), machine('envoy', '127.0.0.1'), machine('envoy', 'localhost'), text()])],
      [],
    ],
    'the query of somebody else': [[{ ...response(usual), type: 'query' }], []],
    'a refusal': [[{ ...response(usual), rcode: 'REFUSED' }], []],
  };
  for (const [name, [packets, expected]] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(interpretAnswers(packets), expected));
  }

  it('lets a gateway be on this machine where that is asked for', () => {
    const [found] = interpretAnswers([response(gateway('envoy', serial, '127.0.0.7'))], { loopback: true });
    assert.equal(found?.host, '127.0.0.7');
  });

  it('suggests the same address whatever the order of the packets', () => {
    const records = [
      ...gateway('envoy', serial, '10.0.0.7', '10.0.0.12', 'fd00::1', 'fe80::1'),
      ...gateway('b', otherSerial, '10.0.0.3'),
    ];
    const expected = interpretAnswers([response(records)]);
    assert.equal(expected.length, 2);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(records, { minLength: records.length }),
        fc.integer({ min: 0, max: records.length }),
        (mixed, cut) => {
          assert.deepEqual(interpretAnswers([response(mixed.slice(0, cut)), response([], mixed.slice(cut))]), expected);
        },
      ),
    );
  });

  it('never throws, and gives only hosts that can be used, whatever arrives', () => {
    const names = fc.oneof(
      fc.constantFrom(
        service,
        `envoy.${service}`,
        `.${service}`,
        `a..b.${service}`,
        'envoy.local',
        '',
        '.',
        'x'.repeat(300),
      ),
      fc.string(),
    );
    const data = fc.oneof(
      fc.anything(),
      names,
      fc.array(
        fc.oneof(fc.constantFrom('serialnum=1', 'serialnum=', '=', 'protovers=\n'), fc.string(), fc.uint8Array()),
      ),
      fc.record({ target: names, port: fc.oneof(fc.integer(), fc.double(), fc.constant(80)) }),
      fc.ipV4(),
      fc.ipV6(),
    );
    const type = fc.oneof(fc.constantFrom('PTR', 'SRV', 'TXT', 'A', 'AAAA', '__proto__', 'toString'), fc.anything());
    const record = fc.oneof(fc.record({ type, name: names, data, ttl: fc.constantFrom(0, 1) }), fc.anything());
    const records = fc.oneof(fc.array(record), fc.anything());
    const packet = fc.oneof(fc.record({ answers: records, additionals: records }), fc.anything());
    fc.assert(
      fc.property(fc.array(packet), (packets) => {
        const usable = response(gateway('zz', '42', '10.0.0.42'));
        const found = interpretAnswers([...packets, usable], { loopback: true });
        assert.ok(found.some((each) => each.serial === '42'));
        for (const { host } of found) assert.ok(gatewayUrl('http', host).hostname);
      }),
      { numRuns: 500 },
    );
  });

  it('stays bounded under a flood', () => {
    const flood = Array.from({ length: 5000 }, (_, index) => gateway(`g${index}`, `${index}`, '10.0.0.1')).flat();
    const records = known(response(flood));
    assert.ok(records.instances.size <= 256 && records.addresses.size <= 1024);
    assert.ok(interpretAnswers([response(flood)]).length > 0);
  });
});

describe('discovery: what is still to be asked', () => {
  it('asks for what is missing only', () => {
    assert.deepEqual(asked(response([pointer()])), [`SRV envoy.${service}`, `TXT envoy.${service}`]);
    assert.deepEqual(asked(response([pointer(), text()])), [`SRV envoy.${service}`]);
    assert.deepEqual(asked(response([pointer(), machine(), text()])), ['A envoy.local', 'AAAA envoy.local']);
    assert.deepEqual(asked(response(gateway('envoy', serial, 'fe80::1'))), ['A envoy.local']);
    assert.deepEqual(asked(response(gateway('envoy', serial, '192.168.1.20'))), []);
    assert.deepEqual(asked(response([{ ...pointer(), data: `..evil.${service}` }])), []);
  });

  it('asks for the service twice, a second apart, and for missing parts after a moment', () => {
    let state: AskedQuestions = new Map();
    const round = (at: number, ...packets: unknown[]) => {
      const result = dueQuestions(known(...packets), state, at);
      state = result.asked;
      return result.questions.map(({ type }) => type);
    };
    const heard = response([pointer(), text()]);
    assert.deepEqual(round(0), ['PTR']);
    assert.deepEqual(round(100, heard), []);
    assert.deepEqual(round(400, heard), ['SRV']);
    assert.deepEqual(round(500, heard), []);
    assert.deepEqual(round(1000, heard), ['PTR']);
    assert.deepEqual(round(1400, heard), ['SRV']);
    assert.deepEqual(round(9000, heard), []);
  });
});
