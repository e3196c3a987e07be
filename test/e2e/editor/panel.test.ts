import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow, nowhere, typed } from './flows.js';

const day = 24 * 60 * 60 * 1000;
const oldFingerprint = 'AA'.repeat(32);
const newFingerprint = 'BB'.repeat(32);

/** Replies of the admin routes, chosen so that every part of the panel shows; the runtime has tests of its own. */
const tokenGateway = {
  gateway: {
    serial: '12******34',
    firmware: '8.3.1598',
    partNumber: '800-00555-r03',
    metered: true,
    authentication: 'token',
  },
  token: { role: 'owner', expiresAt: Date.now() + 100.5 * day },
  certificate: { fingerprint: newFingerprint, pinned: newFingerprint, matches: true },
};
const digestGateway = {
  gateway: { serial: '12******34', firmware: '3.9.36', metered: false, authentication: 'digest' },
};

describe('the state and the connection test in the dialog of envoy-gateway', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    [nodeRed, browser] = await Promise.all([startNodeRed(), launchBrowser()]);
    const [tab, gateway, read] = configuredFlow;
    assert.ok(tab && gateway && read);
    const credentials = { username: typed.username, password: typed.password };
    await nodeRed.deploy([tab, { ...gateway, credentials }, read]);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  afterEach(() => editor.close());

  /** Opens the dialog of the gateway; `state` is what the runtime tells about it. */
  async function openGateway(state: unknown, locale?: string): Promise<void> {
    editor = await Editor.open(browser, nodeRed.url, locale);
    await editor.page.route('**/envoy-gateway/state/*', (route) => route.fulfill({ json: state }));
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
  }

  const panel = () => editor.page.locator('#envoy-gateway-state');
  const testButton = () => editor.page.locator('#envoy-gateway-test');

  /** Presses *Test connection*, answers it with `reply`, and returns what the runtime was asked. */
  async function runTest(reply: unknown, status = 200): Promise<Record<string, unknown>> {
    await editor.page.route('**/envoy-gateway/test', (route) => route.fulfill({ status, json: reply }));
    const asked = editor.page.waitForRequest('**/envoy-gateway/test');
    await testButton().click();
    const request = await asked;
    await request.response();
    return request.postDataJSON() as Record<string, unknown>;
  }

  it('shows the gateway, the role, when the token ends, and the certificate', async () => {
    await openGateway({ deployed: true, ...tokenGateway });
    await panel().getByText('role owner').waitFor();
    const text = await panel().innerText();
    assert.match(text, /serial number 12\*{6}34 · firmware 8\.3\.1598 · 800-00555-r03 · metered/);
    assert.match(text, /expires on \w+ \d+, \d{4}.*\(100 days left\)/);
    assert.ok(text.includes(newFingerprint));
    assert.equal(await editor.page.locator('#envoy-gateway-accept-certificate').count(), 0);
    assert.match(await editor.page.locator('#envoy-gateway-credentials-hint').innerText(), /firmware 7 or newer/);
    await editor.screenshot('state-token');
    editor.assertQuiet();
  });

  it('shows hours where a token ends soon, and that it has ended', async () => {
    await openGateway({
      deployed: true,
      ...tokenGateway,
      token: { role: 'installer', expiresAt: Date.now() + 11.9 * 3600 * 1000 },
    });
    await panel().getByText('12 h left').waitFor();
    await editor.cancelConfig();
    await editor.page.route('**/envoy-gateway/state/*', (route) =>
      route.fulfill({ json: { deployed: true, ...tokenGateway, token: { expiresAt: Date.now() - day } } }),
    );
    await editor.openConfig('gateway', 'edit');
    await panel().getByText('expired on').waitFor();
    editor.assertQuiet();
  });

  it('says what the problem is and what to do, and never takes a text for HTML', async () => {
    const message = 'The gateway shows another certificate. <img src="nowhere">';
    await openGateway({
      deployed: true,
      ...tokenGateway,
      certificate: { fingerprint: newFingerprint, pinned: oldFingerprint, matches: false },
      problem: { code: 'certificate_changed', message, action: 'Accept it, or check who answers.' },
    });
    await panel().getByText(message).waitFor();
    assert.ok((await panel().innerText()).includes('Accept it, or check who answers.'));
    await editor.screenshot('state-problem');
    editor.assertQuiet();
  });

  it('takes the new certificate over into the field of the fingerprint', async () => {
    await openGateway({
      deployed: true,
      ...tokenGateway,
      certificate: { fingerprint: newFingerprint, pinned: oldFingerprint, matches: false },
    });
    await editor.page.locator('#envoy-gateway-accept-certificate').click();
    assert.equal(await editor.configField('fingerprint').inputValue(), newFingerprint);
    assert.equal(await editor.configField('fingerprint').isVisible(), true);
    assert.equal(await editor.complaint(editor.configField('fingerprint')), '');
    await editor.screenshot('certificate-accepted');
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    const { body } = await nodeRed.admin('GET', '/flows');
    const gateway = (body as Record<string, unknown>[]).find((node) => node['type'] === 'envoy-gateway');
    assert.equal(gateway?.['fingerprint'], newFingerprint);
    editor.assertQuiet();
  });

  it('shows the fields that a Digest gateway uses', async () => {
    await openGateway({ deployed: true, ...digestGateway });
    await panel().getByText('Digest').waitFor();
    assert.equal(await editor.configField('token').isVisible(), false);
    assert.equal(await editor.configField('username').getAttribute('placeholder'), 'installer');
    assert.match(
      await editor.page.locator('#envoy-gateway-credentials-hint').innerText(),
      /envoy or installer.*may stay blank/,
    );
    await editor.page.locator('#envoy-gateway-advanced summary').click();
    assert.equal(await editor.configField('cloudUrl').isVisible(), false);
    assert.equal(await editor.configField('timeout').isVisible(), true);
    await editor.screenshot('state-digest');
    await editor.saveConfig();
    editor.assertQuiet();
  });

  it('tests the values in the dialog, and sends only the credentials that were changed', async () => {
    await openGateway({ deployed: true });
    await editor.type(editor.configField('host'), 'envoy.example:8443');
    await editor.type(editor.configField('token'), typed.token);
    const { id, ...asked } = await runTest({
      ok: true,
      steps: [
        { name: 'reachable', ok: true, text: 'The gateway answers.' },
        { name: 'production', ok: true, text: 'Production now: 1234 W.' },
      ],
      ...tokenGateway,
    });
    assert.equal(id, 'gateway');
    assert.deepEqual(asked['credentials'], { token: typed.token });
    assert.equal(asked['host'], 'envoy.example:8443');
    assert.deepEqual([asked['tls'], asked['refreshBefore'], asked['timeout']], ['pin', 30, 45]);
    await panel().getByText('Production now: 1234 W.').waitFor();
    await editor.screenshot('test-works');
    await editor.type(editor.configField('password'), '');
    await editor.type(editor.configField('token'), '');
    await editor.type(editor.configField('username'), 'installer');
    const again = await runTest({ ok: true, steps: [], ...tokenGateway });
    assert.deepEqual(again['credentials'], { username: 'installer', password: '' });
    editor.assertQuiet();
  });

  it('shows which step failed, why, and what was not tried', async () => {
    await openGateway({ deployed: true });
    await runTest({
      ok: false,
      steps: [
        { name: 'reachable', ok: true, text: 'The gateway answers at envoy.local.' },
        { name: 'firmware', ok: true, text: 'Firmware 8.3.1598, serial number 12******34.' },
        { name: 'certificate', ok: true, text: 'The certificate is the one that is trusted.' },
        {
          name: 'authentication',
          ok: false,
          code: 'mfa_required',
          text: 'The Enlighten account asks for a second factor.',
          action: 'Turn multi-factor authentication off, use a second account without it, or paste a token.',
        },
        { name: 'production', ok: false, text: 'The production was not read.' },
      ],
      gateway: tokenGateway.gateway,
      certificate: tokenGateway.certificate,
    });
    const failed = panel().locator('[data-step="authentication"]');
    await failed.getByText('Turn multi-factor authentication off').waitFor();
    assert.match(await failed.innerText(), /Fails:.*second factor/s);
    assert.match(await panel().locator('[data-step="production"]').innerText(), /Not tried:/);
    assert.equal(await testButton().isEnabled(), true);
    await editor.screenshot('test-fails');
    editor.assertQuiet();
  });

  it('says why there was no test', async () => {
    await openGateway({ deployed: true });
    await editor.type(editor.configField('host'), 'https://envoy.local/');
    await testButton().click();
    await panel().getByText('leave out https://').waitFor();
    editor.assertQuiet();
    await editor.type(editor.configField('host'), nowhere);
    await runTest({ error: 'The time-out must be from 1 to 300.' }, 400);
    await panel().getByText('The time-out must be from 1 to 300.').waitFor();
  });

  it('says before the first deploy that there is nothing to tell yet', async () => {
    await openGateway({ deployed: false }, 'fr-FR');
    await panel().getByText("Déployez pour voir ici l'état de la passerelle").waitFor();
    editor.assertQuiet();
  });
});
