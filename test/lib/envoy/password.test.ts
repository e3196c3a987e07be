import assert from 'node:assert/strict';
import { AuthenticationError } from '../../../lib/errors.js';
import { localCredentials, localPassword } from '../../../lib/envoy/password.js';

/** Serial, user, password: appendix D of the gateway's specification. */
const vectors: [serial: string, user: string, password: string][] = [
  ['121212121212', 'installer', 'f4a4b85e'],
  ['121212121212', 'nonmaster', 'c8f4b9d2'],
  ['121212121212', 'envoy', '86235d33'],
  ['121212121212', 'homeowner', 'bC4f2234'],
  ['121212121212', 'admin', 'cbfccde2'],
  ['123456789012', 'installer', '7edE24ed'],
  ['123456789012', 'nonmaster', '45jh2b99'],
  ['123456789012', 'envoy', 'bB94445e'],
  ['123456789012', 'homeowner', '4aca78ch'],
  ['123456789012', 'admin', '5c72e7e5'],
  ['122112123456', 'installer', 'd525d2jh'],
  ['122112123456', 'nonmaster', '26f385fb'],
  ['122112123456', 'envoy', '694e8cf6'],
  ['122112123456', 'homeowner', 'g9cde8ac'],
  ['122112123456', 'admin', 'bdb82eA4'],
  ['202020202020', 'installer', 'h3C684b4'],
  ['202020202020', 'nonmaster', 'f4dAdc93'],
  ['202020202020', 'envoy', '2h3efgdb'],
  ['202020202020', 'homeowner', '25ffae4b'],
  ['202020202020', 'admin', 'ce86bhc5'],
  ['122000000001', 'installer', '7bc46h5D'],
  ['122000000001', 'nonmaster', '7c3f2hbg'],
  ['122000000001', 'envoy', 'fAdfd3b2'],
  ['122000000001', 'homeowner', '6be8ee4a'],
  ['122000000001', 'admin', '99ef9dA5'],
  ['000000000000', 'installer', '285A97bf'],
  ['000000000000', 'nonmaster', '62bd6a9b'],
  ['000000000000', 'envoy', '2k5fjbc3'],
  ['000000000000', 'homeowner', 'fj7ccce3'],
  ['000000000000', 'admin', '5cf923f8'],
  ['999999999999', 'installer', '522cd7De'],
  ['999999999999', 'nonmaster', 'f677B8af'],
  ['999999999999', 'envoy', 'f2854483'],
  ['999999999999', 'homeowner', 'e6cc4ec2'],
  ['999999999999', 'admin', '8939bd4c'],
  ['121917000087', 'installer', 'fc8e67cc'],
  ['482215012345', 'installer', 'b49Dd358'],
  ['122212345678', 'installer', '4hff27b2'],
];

/** Serial, password of `installer`, and the branch of the derivation that it takes. */
const branches: [serial: string, password: string, branch: string][] = [
  ['378958212153', 'd5f39h56', 'Z starts at 3'],
  ['650399568319', 'ekD24ded', 'Z starts at 6'],
  ['167274793472', '5n27m4k7', 'Z starts at 9'],
  ['067118598227', 'a8HdG5h2', 'O starts at 9'],
  ['441830250064', '6j3hc33g', 'three or more 0 in the tail'],
  ['546843833635', 'fdaEfDC6', 'three or more 1 in the tail'],
  ['802728608073', '768j728h', 'Z starts at 4, falls through 3'],
  ['231020807702', '96ddb4A2', 'O starts at 1'],
  ['713073860281', '2Cg3ab54', 'Z reaches 0'],
];

describe('local password', () => {
  for (const [serial, user, password] of vectors) {
    it(`of ${user} at ${serial}`, () => assert.equal(localPassword(serial, user), password));
  }

  for (const [serial, password, branch] of branches) {
    it(`where ${branch}`, () => assert.equal(localPassword(serial, 'installer'), password));
  }
});

describe('local credentials', () => {
  const serial = '123456789012';
  const installer = { username: 'installer', password: '7edE24ed' };

  const table: [given: [username?: string, password?: string], expected: { username: string; password: string }][] = [
    [[], installer],
    [['', ''], installer],
    [['  ', 'anything'], installer],
    [['installer'], installer],
    [['installer', 'not this one'], installer],
    [['envoy'], { username: 'envoy', password: '789012' }],
    [['envoy', 'changed'], { username: 'envoy', password: 'changed' }],
    [[' envoy ', ' kept as it is '], { username: 'envoy', password: ' kept as it is ' }],
    [['someone', 'given'], { username: 'someone', password: 'given' }],
    [['nonmaster'], { username: 'nonmaster', password: '45jh2b99' }],
    [['homeowner'], { username: 'homeowner', password: '4aca78ch' }],
    [['admin'], { username: 'admin', password: '5c72e7e5' }],
    [['admin', 'given'], { username: 'admin', password: 'given' }],
    [['owner@example.org', 'of the cloud'], installer],
    [['owner@example.org'], installer],
  ];
  for (const [given, expected] of table) {
    it(`of ${JSON.stringify(given)} are those of ${expected.username}`, () => {
      assert.deepEqual(localCredentials(serial, ...given), expected);
    });
  }

  it('of the shortest serial do not fail', () => {
    assert.deepEqual(localCredentials('4711', 'envoy'), { username: 'envoy', password: '4711' });
  });

  it('of any other user without password are missing, said without naming user or serial', () => {
    assert.throws(
      () => localCredentials(serial, 'someone', ''),
      (error) => {
        assert.ok(error instanceof AuthenticationError);
        assert.equal(error.code, 'credentials_missing');
        assert.equal(error.retryable, false);
        assert.doesNotMatch(error.message, /someone|123456789012/);
        return true;
      },
    );
  });
});
