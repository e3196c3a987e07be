import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { nodeListener } from '../../../lib/proxy/http/node-listener.js';
import { launchBrowser } from '../../support/browser.js';
import { serve, type TestServer } from '../../support/server.js';
import { service, visits, type Visits } from '../../lib/proxy/routes/visits.js';

/** The consent page of another site: it sends people back at a click, or shows the callback in a frame. */
function portal(callback: () => string) {
  return (message: IncomingMessage, reply: ServerResponse): void => {
    const url = new URL(message.url ?? '/', 'http://localhost');
    const state = url.searchParams.get('state') ?? '';
    const back = `${callback()}?state=${encodeURIComponent(state)}&amp;autorisation_id=42`;
    const inFrame = url.pathname === '/framed';
    reply.setHeader('content-type', 'text/html');
    reply.end(inFrame ? `<iframe src="${back}"></iframe>` : `<a href="${back}">accept</a>`);
  };
}

describe('e2e: a consent in a real browser', () => {
  const open = visits();
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let proxy: TestServer;
  let consentPage: TestServer;
  let world: Visits;
  let complaints: string[];

  before(async () => {
    browser = await launchBrowser();
  });

  after(() => browser.close());

  async function start(authorizePath: string): Promise<void> {
    proxy = await serve((message, reply) => {
      nodeListener(world.proxy)(message, reply);
    });
    consentPage = await serve(portal(() => new URL('auth/redirect', proxy.url).href));
    // Another site than 127.0.0.1, as browsers see it.
    const authorization = `http://localhost:${String(consentPage.port)}${authorizePath}`;
    const unused = 'http://127.0.0.1:9';
    world = await open({
      publicUrl: proxy.url.origin,
      endpoints: { authorization, token: unused, applicationToken: unused, data: unused },
    });
    world.upstream.answers = [[service()]];
  }

  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 320, height: 640 }, locale: 'en-GB' });
    page = await context.newPage();
    complaints = [];
    page.on('console', (message) => {
      // Browsers ask for an icon, whatever a page says.
      if (message.type() === 'error' && !message.location().url.endsWith('/favicon.ico'))
        complaints.push(message.text());
    });
  });

  afterEach(async () => {
    await context.close();
    await Promise.all([proxy.close(), consentPage.close()]);
  });

  async function fits(): Promise<void> {
    assert.ok(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), page.url());
  }

  it('from the code to the end by keyboard alone, 320 pixels wide, no rule of the page in the way', async () => {
    await start('/authorize');
    const { deviceCode, userCode } = await world.begin();
    await page.goto(proxy.url.href);
    await fits();
    await page.getByRole('link', { name: 'Enter a code' }).click();
    await fits();
    // The field has the focus already.
    await page.keyboard.type('wrong code');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await fits();
    await page.getByLabel('Code shown by your application').fill(userCode.toLowerCase());
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'accept' }).click();
    await page.getByRole('heading', { level: 1, name: 'Done' }).waitFor();
    await fits();
    assert.equal(page.url(), new URL('auth/done', proxy.url).href);
    assert.equal((await world.poll(deviceCode)).body['usage_points_id'], '12345678901234');
    // A wrong code is answered 400, which the browser reports; everything else would be a page that breaks its own rules.
    assert.deepEqual(
      complaints.filter((text) => !text.includes('status of 400')),
      [],
    );
  });

  it('a callback in a frame leads out of it with one click', async () => {
    await start('/framed');
    const { deviceCode, userCode } = await world.begin();
    await page.goto(new URL(`device?code=${userCode}`, proxy.url).href);
    await fits();
    await page.getByRole('button', { name: 'The code is the same' }).click();
    await page.frameLocator('iframe').getByRole('link', { name: 'Continue' }).click();
    await page.getByRole('heading', { level: 1, name: 'Done' }).waitFor();
    assert.equal((await world.poll(deviceCode)).status, 200);
    assert.deepEqual(complaints, []);
  });
});
