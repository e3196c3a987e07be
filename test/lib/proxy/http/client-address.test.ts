import assert from 'node:assert/strict';
import { addressSubject, clientAddress } from '../../../../lib/proxy/http/client-address.js';
import { proxySettings } from '../../../support/proxy-settings.js';
import { fakeRequest } from './request.js';

describe('lib/proxy/http/client-address', () => {
  const address = (trustedProxies: string[], peer: string, forwarded?: string) =>
    clientAddress(
      proxySettings({ trustedProxies }),
      fakeRequest({ peer, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } }),
    );

  it('is the peer where nobody is trusted, whatever X-Forwarded-For says', () => {
    assert.equal(address([], '203.0.113.7', '198.51.100.1'), '203.0.113.7');
  });

  it('is the peer where the peer is not the trusted proxy', () => {
    assert.equal(address(['10.0.0.1'], '203.0.113.7', '198.51.100.1'), '203.0.113.7');
  });

  it('is the last entry that no trusted proxy made: what a client writes itself does not count', () => {
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 203.0.113.7'), '203.0.113.7');
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, 203.0.113.7, 10.2.3.4'), '203.0.113.7');
  });

  it('stays at the nearest known address where an entry is no address', () => {
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, unknown'), '10.0.0.1');
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', '1.1.1.1, <script>, 10.9.9.9'), '10.9.9.9');
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', ''), '10.0.0.1');
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1'), '10.0.0.1');
  });

  it('knows IPv4-mapped peers, IPv6 ranges, ports and brackets', () => {
    assert.equal(address([], '::ffff:203.0.113.7'), '203.0.113.7');
    assert.equal(address(['10.0.0.0/8'], '::ffff:10.0.0.1', '203.0.113.7:4711'), '203.0.113.7');
    assert.equal(address(['::ffff:10.0.0.0/104'], '10.0.0.1', '203.0.113.7'), '203.0.113.7');
    assert.equal(address(['2001:db8::/32'], '2001:db8::1', '[2001:db9::5]:443'), '2001:db9::5');
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', '::ffff:cb00:7107'), '203.0.113.7');
  });

  it('ignores entries of the list that are none', () => {
    assert.equal(address(['10.0.0.0/99', 'nonsense', ''], '10.0.0.1', '203.0.113.7'), '10.0.0.1');
  });

  it('looks at a limited part of an endless header', () => {
    const endless = Array<string>(100_000).fill('10.1.1.1').join(',');
    assert.equal(address(['10.0.0.0/8'], '10.0.0.1', `203.0.113.7,${endless}`), '10.1.1.1');
  });

  it('counts IPv6 by its network, IPv4 by itself', () => {
    assert.equal(addressSubject('203.0.113.7'), '203.0.113.7');
    assert.equal(addressSubject('::ffff:203.0.113.7'), '203.0.113.7');
    assert.equal(addressSubject('2001:db8:0:1:aaaa::1'), '2001:db8:0:1::/64');
    assert.equal(addressSubject('2001:0DB8:0:1::'), '2001:db8:0:1::/64');
    assert.equal(addressSubject('fe80::1%eth0'), 'fe80:0:0:0::/64');
    assert.notEqual(addressSubject('2001:db8:0:1::1'), addressSubject('2001:db8:0:2::1'));
  });
});
