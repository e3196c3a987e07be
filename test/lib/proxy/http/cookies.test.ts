import assert from 'node:assert/strict';
import type { ProxyContext } from '../../../../lib/proxy/context.js';
import { browserCookie, csrfMatches, csrfToken, newBrowser, readBrowser } from '../../../../lib/proxy/http/cookies.js';
import { createSecrets } from '../../../../lib/proxy/secrets.js';
import { proxyKeys, proxySettings } from '../../../support/proxy-settings.js';
import { fakeRequest } from './request.js';

describe('lib/proxy/http/cookies', () => {
  const secure = proxySettings();
  const plain = proxySettings({ publicUrl: 'http://127.0.0.1:8080/enedis' });
  const secrets: Pick<ProxyContext, 'secrets'> = { secrets: createSecrets(proxyKeys) };

  it('is out of reach for scripts and neighbouring hosts', () => {
    const cookie = browserCookie(secure, newBrowser());
    assert.match(cookie, /^__Host-[\w-]+=[\w-]{43}; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/);
    assert.match(
      browserCookie(plain, newBrowser()),
      /^device-flow=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    );
  });

  it('recognises the browser that it was given to', () => {
    for (const settings of [secure, plain]) {
      const browser = newBrowser();
      const cookie = `a=b; ${browserCookie(settings, browser).split(';', 1)[0] ?? ''}; c=d`;
      assert.equal(readBrowser(settings, fakeRequest({ headers: { cookie } })), browser);
    }
  });

  it('takes nothing else for it', () => {
    for (const cookie of ['', 'x=1', '__Host-device-flow=short', `device-flow=${newBrowser()}`]) {
      assert.equal(readBrowser(secure, fakeRequest({ headers: { cookie } })), undefined);
    }
    assert.equal(readBrowser(secure, fakeRequest({})), undefined);
  });

  it('has a token for forms that only the same browser can use', () => {
    const [mine, other] = [newBrowser(), newBrowser()];
    const token = csrfToken(secrets, mine);
    assert.ok(csrfMatches(secrets, mine, token));
    assert.ok(!csrfMatches(secrets, other, token));
    for (const wrong of [undefined, '', 'é', token.slice(1), `${token}x`])
      assert.ok(!csrfMatches(secrets, mine, wrong));
    assert.ok(!token.includes(mine));
  });
});
