import assert from 'node:assert/strict';
import { isReserved, normalPath, overlap, pathProblem } from '../../../nodes/device-flow-proxy/place.js';

describe('the path of a device-flow-proxy', () => {
  it('means the same with and without slashes around it', () => {
    for (const text of ['/enedis', 'enedis', '/enedis/', ' //enedis// ']) assert.equal(normalPath(text), '/enedis');
    assert.equal(normalPath('/a/b'), '/a/b');
  });

  for (const [text, problem] of [
    ['', 'empty'],
    ['  ', 'empty'],
    ['/', 'root'],
    ['/a//b', 'invalid'],
    ['/a/../b', 'invalid'],
    ['/:id', 'invalid'],
    ['/a*', 'invalid'],
    ['/a?b', 'invalid'],
    ['/a b', 'invalid'],
    ['/Linky-2.0/enedis_test', undefined],
  ] as const) {
    it(`"${text}" is ${problem ?? 'fine'}`, () => assert.equal(pathProblem(text), problem));
  }

  it('is none of those that Node-RED and the dashboards have', () => {
    const both = { node: '/', admin: '/' };
    for (const path of ['/dashboard', '/dashboard/page', '/ui', '/auth', '/flows', '/settings', '/comms']) {
      assert.equal(isReserved(path, both), true, path);
    }
    for (const path of ['/enedis', '/authority', '/ui2', '/my/flows'])
      assert.equal(isReserved(path, both), false, path);
  });

  it('follows where the editor and the flows are', () => {
    assert.equal(isReserved('/auth', { node: '/', admin: '/admin/' }), false);
    assert.equal(isReserved('/admin', { node: '/', admin: '/admin/' }), true);
    assert.equal(isReserved('/admin/enedis', { node: '/', admin: '/admin/' }), false);
    assert.equal(isReserved('/auth', { node: '/api/', admin: '/' }), false);
    assert.equal(isReserved('/auth', { node: '/api/', admin: undefined }), false);
    assert.equal(isReserved('/flows', { node: '/red/', admin: '/red/' }), true);
  });

  it('overlaps with what lies above and below it', () => {
    assert.ok(overlap('/a', '/a') && overlap('/a', '/a/b') && overlap('/a/b', '/a'));
    assert.ok(!overlap('/a', '/ab') && !overlap('/a/b', '/a/c'));
  });
});
