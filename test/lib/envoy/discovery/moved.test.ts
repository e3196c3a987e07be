import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { movedGateway, type FoundGateway } from '../../../../lib/envoy/discovery/found-gateway.js';
import { otherSerial, serial } from './announcements.js';

const found: readonly FoundGateway[] = [
  { serial: otherSerial, host: '192.168.1.9', addresses: ['192.168.1.9'] },
  { serial, host: '192.168.1.20', addresses: ['192.168.1.20', '192.168.1.21', 'fd12::ab'], firmware: '8.3.5286' },
];

describe('discovery: a gateway at another address', () => {
  it('is told with both hosts', () => {
    assert.deepEqual(movedGateway(found, serial, '192.168.1.7'), {
      serial,
      configuredHost: '192.168.1.7',
      host: '192.168.1.20',
      addresses: ['192.168.1.20', '192.168.1.21', 'fd12::ab'],
      firmware: '8.3.5286',
    });
    assert.equal(movedGateway(found, serial, '192.168.1.9')?.host, '192.168.1.20', 'another gateway took its address');
    assert.equal(movedGateway(found, serial, '[fd12::ac]')?.host, '192.168.1.20');
    assert.equal(movedGateway(found, serial, 'envoy.local', ['192.168.1.9'])?.host, '192.168.1.20');
  });

  const atHome: Readonly<Record<string, Parameters<typeof movedGateway>>> = {
    'the same address': [found, serial, '192.168.1.20'],
    'the same address with a port': [found, serial, ' 192.168.1.20:8443 '],
    'its second network': [found, serial, '192.168.1.21'],
    'the same IPv6 address written out': [found, serial, '[FD12:0:0:0::AB]:443'],
    'a name of which nothing more is known': [found, serial, 'envoy.local'],
    'a name that stands for one of its addresses': [found, serial, 'envoy.local', ['192.168.1.21']],
    'a serial number that was not found': [found, '000000000000', '192.168.1.7'],
    'a host that is none': [found, serial, 'not a host'],
    'a gateway found by name only': [[{ serial, host: 'envoy.local', addresses: [] }], serial, '192.168.1.7'],
  };
  for (const [name, values] of Object.entries(atHome)) {
    it(`nothing is offered for ${name}`, () => assert.equal(movedGateway(...values), undefined));
  }
});
