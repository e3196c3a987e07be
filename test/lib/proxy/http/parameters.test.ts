import assert from 'node:assert/strict';
import { ProxyError } from '../../../../lib/proxy/http/error.js';
import { readForm } from '../../../../lib/proxy/http/form.js';
import { readQuery } from '../../../../lib/proxy/http/query.js';
import { fakeRequest } from './request.js';

const formType = 'application/x-www-form-urlencoded';

function form(body: string, contentType = formType, headers: Record<string, string> = {}) {
  return readForm(fakeRequest({ body, headers: { 'content-type': contentType, ...headers } }));
}

const refused = (status: number) => (error: unknown) => {
  assert.ok(error instanceof ProxyError);
  assert.deepEqual([error.status, error.error], [status, 'invalid_request']);
  return true;
};

describe('lib/proxy/http: forms and query strings', () => {
  it('decodes names and values', async () => {
    const read = await form('a=1+2&b%5f=caf%C3%A9&c=%26%3D&d', `${formType}; charset=UTF-8`);
    assert.deepEqual(
      ['a', 'b_', 'c', 'd', 'e'].map((name) => read.get(name)),
      ['1 2', 'café', '&=', undefined, undefined],
    );
    assert.deepEqual(read.names, ['a', 'b_', 'c', 'd']);
  });

  it('takes an empty value as missing, and "0" as a value', async () => {
    const read = await form('a=&b=0');
    assert.equal(read.get('a'), undefined);
    assert.equal(read.get('b'), '0');
  });

  it('refuses repeated parameters and arrays', async () => {
    for (const body of ['a=1&a=2', 'a=1&a=', 'a[]=1', 'a%5B%5D=1', 'a[b]=1', 'a=1&%61=2']) {
      await assert.rejects(form(body), refused(400), body);
    }
  });

  it('refuses broken percent-encoding', async () => {
    await assert.rejects(form('a=%zz'), refused(400));
    await assert.rejects(form('a=%C3'), refused(400));
  });

  it('refuses bodies that are no urlencoded form', async () => {
    await assert.rejects(form('{"client_id":"x"}', 'application/json'), refused(415));
    await assert.rejects(form('--x', 'multipart/form-data; boundary=x'), refused(415));
    await assert.rejects(form('a=1', formType, { 'content-encoding': 'gzip' }), refused(415));
    await assert.rejects(readForm(fakeRequest({ body: 'a=1' })), refused(415));
  });

  it('finds no parameters where there is no body, whatever the query says', async () => {
    const read = await readForm(fakeRequest({ method: 'POST', query: 'a=1' }));
    assert.deepEqual([read.get('a'), read.names], [undefined, []]);
  });

  it('knows no parameter that nobody sent', async () => {
    assert.equal((await form('a=1')).get('__proto__'), undefined);
    assert.equal((await form('a=1')).get('constructor'), undefined);
  });

  it('takes the first of repeated query parameters, unless told to refuse them', () => {
    const request = fakeRequest({ query: 'code=A&code=B&x[]=1' });
    assert.equal(readQuery(request).get('code'), 'A');
    assert.throws(() => readQuery(request, { strict: true }), refused(400));
  });
});
