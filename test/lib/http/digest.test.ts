import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  authorize,
  challenged,
  chooseChallenge,
  digestSession,
  isStale,
  nextNonce,
  nextStep,
  parseChallenges,
  renewed,
} from '../../../lib/http/digest.js';
import type { DigestSession } from '../../../lib/http/digest.js';
import { accepts, challengeHeader, fieldsOf, quote } from './digest-verifier.js';

function parsed(header: string | string[]): [scheme: string, parameters: Record<string, string>][] {
  return parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
}

function sessionFor(header: string, user: string, password: string): DigestSession {
  const challenge = chooseChallenge(parseChallenges(header));
  assert.ok(challenge);
  return challenged(digestSession(user, password), challenge);
}

function responseTo(header: string, password: string, uri: string, cnonce: string): string | undefined {
  const answer = authorize(sessionFor(header, 'Mufasa', password), { method: 'GET', uri }, cnonce);
  return fieldsOf(answer.header ?? '').get('response');
}

describe('Digest challenges', () => {
  it('are found among other schemes, in one header or several', () => {
    const one =
      'Basic realm="a, b", Digest realm="x\\"y\\\\", nonce="n,1" ,qop="auth,auth-int", Negotiate a+/b==, NTLM';
    const expected = [
      ['basic', { realm: 'a, b' }],
      ['digest', { realm: 'x"y\\', nonce: 'n,1', qop: 'auth,auth-int' }],
      ['negotiate', {}],
      ['ntlm', {}],
    ];
    assert.deepEqual(parsed(one), expected);
    assert.equal(parseChallenges(one)[2]?.token68, 'a+/b==');
    assert.deepEqual(parsed(['Basic realm="a, b"', one.slice(one.indexOf('Digest'))]), expected);
  });

  it('are read whatever the case and blanks', () => {
    assert.deepEqual(parsed(',, DIGEST  REALM = "r" ,\tNonce=bare/==,, STALE=True,'), [
      ['digest', { realm: 'r', nonce: 'bare/==', stale: 'True' }],
    ]);
    assert.ok(parseChallenges('digest STALE=True').every(isStale));
    assert.ok(!parseChallenges('Digest stale=false, Digest nonce="stale=true"').some(isStale));
  });

  it('are kept as far as they can be read', () => {
    assert.deepEqual(parsed('Digest realm="r", nonce="never closed, qop=auth'), [['digest', { realm: 'r' }]]);
    assert.deepEqual(parsed('x="y", Digest realm="r"junk, =, "?", nonce=n, nonce=m'), [
      ['digest', { realm: 'r', nonce: 'n' }],
    ]);
    assert.deepEqual(parseChallenges(undefined), []);
    assert.deepEqual(parsed('Digest __proto__="p", nonce="n"')[0]?.[1].nonce, 'n');
  });

  it('never throw', () => {
    const pieces = fc.array(fc.constantFrom('Digest', ' ', '=', '"', '\\', ',', 'nonce', 'é', '\t', '=='), {
      maxLength: 40,
    });
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      pieces.map((list) => list.join('')),
    );
    const property = fc.property(garbage, (text) => {
      nextNonce(text);
      nextStep(digestSession('u', 'p'), [text, text], text);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('keep every quoted value', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
    const parameters = fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' })), {
      minLength: 1,
      selector: ([key]) => key,
    });
    const challenges = fc.array(fc.tuple(name, parameters), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(challenges, fc.boolean(), (list, together) => {
        const headers = list.map(
          ([scheme, values]) => `${scheme} ${values.map(([k, v]) => `${k}=${quote(v)}`).join(', ')}`,
        );
        const found = parseChallenges(together ? headers.join(', ') : headers);
        assert.deepEqual(
          found.map(({ scheme, parameters: read }) => [scheme, [...read]]),
          list,
        );
      }),
    );
  });

  it('are chosen by strength, then by order', () => {
    const choose = (header: string): string | undefined => chooseChallenge(parseChallenges(header))?.nonce;
    assert.equal(choose('Digest realm="r", nonce="1", Digest realm="r", nonce="2", algorithm=sha-256'), '2');
    assert.equal(choose('Digest realm="r", nonce="1", algorithm=SHA-256-sess, Digest realm="r", nonce="2"'), '1');
    assert.equal(choose('Digest realm="r", nonce="1", algorithm=MD5-sess, Digest realm="r", nonce="2"'), '1');
    assert.equal(choose('Digest realm="r", nonce="1", algorithm=SHA-512-256, Digest realm="r", nonce="2"'), '2');
    assert.equal(choose('Digest realm="r", nonce="1", qop="auth-int", Basic realm="r", nonce="2"'), undefined);
    assert.equal(choose('Digest realm="r", nonce="1", qop="auth-int, AUTH"'), '1');
    assert.equal(choose('Digest realm="r", qop="auth"'), undefined);
  });
});

describe('Digest answers', () => {
  it('are those of the examples in RFC 7616 and RFC 2617', () => {
    const common =
      'Digest realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", algorithm=';
    const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
    const answer = (header: string): string | undefined =>
      responseTo(header, 'Circle of Life', '/dir/index.html', cnonce);
    const sha = '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1';
    assert.equal(answer(`${common}MD5`), '8ca523f5e9506fed4657c9700eebdbec');
    assert.equal(answer(`${common}SHA-256`), sha);
    assert.equal(answer(`${common}MD5, ${common}SHA-256`), sha);

    const older = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"';
    const olderAnswer = (header: string): string | undefined =>
      responseTo(header, 'Circle Of Life', '/dir/index.html', '0a4f113b');
    assert.equal(olderAnswer(`${older}, qop="auth,auth-int"`), '6629fae49393a05397450978507c4ef1');
    assert.equal(olderAnswer(older), '670fd8c2df070c60b045671b8b24ff02');
  });

  const text = fc.string({
    unit: fc.constantFrom('a', 'Z', '0', ' ', '"', ',', '\\', '=', ':', '/', 'é', 'ß', '日', '😀'),
    maxLength: 12,
  });
  const ascii = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 });
  const user = fc.oneof(text, ascii);
  for (const algorithm of [undefined, 'MD5', 'md5-SESS', 'SHA-256', 'SHA-256-sess']) {
    for (const qop of [undefined, 'auth', 'auth-int,auth']) {
      it(`with ${algorithm ?? 'no algorithm'} and qop ${qop ?? 'none'} are accepted by a server, and only they`, () => {
        const request = fc.record({
          method: fc.constantFrom('GET', 'PUT'),
          uri: ascii.map((path) => `/${path}?a="b"`),
        });
        const challenge = fc.record(
          { realm: ascii, nonce: ascii, opaque: ascii, charset: fc.constant('UTF-8'), userhash: fc.constant('true') },
          { requiredKeys: ['realm', 'nonce'] },
        );
        fc.assert(
          fc.property(
            challenge,
            user,
            text,
            fc.array(request, { minLength: 1, maxLength: 20 }),
            (base, name, password, list) => {
              const expected = { ...base, ...(algorithm && { algorithm }), ...(qop && { qop }) };
              const credentials: [string, string] = [name.normalize('NFC'), password.normalize('NFC')];
              let state = sessionFor(challengeHeader(expected), ...credentials);
              for (const [index, { method, uri }] of list.entries()) {
                const answer = authorize(state, { method, uri }, `c"${index}`);
                const options = { count: index + 1, firstCnonce: 'c"0' };
                assert.ok(accepts(expected, answer.header ?? '', [method, uri], credentials, options));
                assert.ok(!accepts(expected, answer.header ?? '', ['POST', uri], credentials, options));
                assert.ok(
                  !accepts(expected, answer.header ?? '', [method, uri], [credentials[0], `${password}.`], options),
                );
                state = answer.state;
              }
            },
          ),
          { numRuns: 50 },
        );
      });
    }
  }

  it('go on in the same session with the next nonce of the server', () => {
    const base = { realm: 'r', nonce: 'first', qop: 'auth', algorithm: 'SHA-256-sess' };
    const one = authorize(sessionFor(challengeHeader(base), 'u', 'p'), { method: 'GET', uri: '/' }, 'c1');
    const nonce = nextNonce('qop=auth, rspauth="00", NextNonce="sec\\"ond", nc=00000001');
    const two = authorize(renewed(one.state, nonce), { method: 'GET', uri: '/' }, 'c2');
    const options = { firstNonce: 'first', firstCnonce: 'c1' };
    assert.ok(accepts({ ...base, nonce: 'sec"ond' }, two.header ?? '', ['GET', '/'], ['u', 'p'], options));
    assert.equal(renewed(two.state, nextNonce(undefined)), two.state);
    assert.equal(renewed(two.state, nextNonce('nextnonce=""')), two.state);
  });

  it('carry names beyond ASCII as the server asked for', () => {
    const header = (more: string, name = 'Jose\u0301'): string | undefined =>
      authorize(sessionFor(`Digest realm="r", nonce="n"${more}`, name, 'p'), { method: 'GET', uri: '/' }, 'c').header;
    assert.match(header(', charset=UTF-8') ?? '', / username\*=UTF-8''Jos%C3%A9, /);
    assert.match(header('', 'José') ?? '', / username="JosÃ©", /);
    assert.match(header(', userhash=true, charset=UTF-8') ?? '', / username="[0-9a-f]{32}", userhash=true, /);
    assert.doesNotMatch(header('', 'a\r\nX-Injected: 1') ?? '', /[\r\n]/);
  });

  it('count on when a server sends the same nonce again', () => {
    const header = 'Digest realm="r", nonce="n", qop="auth"';
    const once = authorize(sessionFor(header, 'u', 'p'), { method: 'GET', uri: '/' }, 'c').state;
    const step = nextStep(once, header);
    assert.ok(step.kind === 'answer');
    assert.match(authorize(step.state, { method: 'GET', uri: '/' }, 'c').header ?? '', / nc=00000002,/);
  });
});

describe('Digest steps', () => {
  const challenge = (nonce: string, more = ''): string => `Digest realm="r", qop="auth", nonce="${nonce}"${more}`;
  const send = (state: DigestSession) => authorize(state, { method: 'GET', uri: '/' }, 'c');

  it('refuse what cannot be answered, and a 401 without challenge after an answer', () => {
    const fresh = digestSession('u', 'p');
    assert.equal(nextStep(fresh, undefined).kind, 'unsupported');
    assert.equal(nextStep(fresh, 'Basic realm="r"').kind, 'unsupported');
    assert.equal(nextStep(fresh, undefined, 'n').kind, 'rejected');
  });

  it('answer a nonce that was forgotten, and then end', () => {
    const used = send(send(sessionFor(challenge('old'), 'u', 'p')).state);
    const step = nextStep(used.state, challenge('new'), used.nonce);
    assert.ok(step.kind === 'answer');
    const again = send(step.state);
    assert.equal(again.nonce, 'new');
    assert.equal(nextStep(again.state, challenge('newer'), again.nonce).kind, 'rejected');
    assert.equal(nextStep(used.state, challenge('old'), used.nonce).kind, 'rejected');
  });

  it('end with a server that calls every nonce stale', () => {
    let answer = send(digestSession('u', 'p'));
    for (let round = 0; round < 10; round++) {
      const step = nextStep(answer.state, challenge(`n${round}`, ', stale=true'), answer.nonce);
      if (step.kind !== 'answer') {
        assert.equal(step.kind, 'unsupported');
        return;
      }
      answer = send(step.state);
    }
    assert.fail('never ended');
  });
});
