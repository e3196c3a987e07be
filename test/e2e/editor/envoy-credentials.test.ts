import { strict as assert } from 'node:assert';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow, emptyFlow, typed } from './flows.js';

type Credentials = Partial<Record<'username' | 'password' | 'token', string>>;

const names = ['username', 'password', 'token'] as const;
const gateway = { serial: '12******34', firmware: '8.3.1598', metered: true };

describe('missing credentials in the dialog of envoy-gateway', () => {
  let nodeRed: NodeRedProcess;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    [nodeRed, browser] = await Promise.all([startNodeRed(), launchBrowser()]);
  });
  after(async () => {
    await browser.close();
    await nodeRed.stop();
  });
  afterEach(() => editor.close());

  /** Types credentials, those not named empty, and returns the reasons that stand below the fields. */
  async function reasonsFor(credentials: Credentials): Promise<string[]> {
    for (const name of names) {
      const field = editor.configField(name);
      // A gateway of old knows no tokens.
      if (!(await field.isVisible())) continue;
      await field.fill(credentials[name] ?? '');
      await field.press('End');
    }
    const reasons = await Promise.all(names.map((name) => editor.reason(editor.configField(name))));
    return reasons.filter((reason) => reason !== '');
  }

  async function openGateway(authentication: string | undefined): Promise<void> {
    editor = await Editor.open(browser, nodeRed.url);
    const json = { deployed: true, ...(authentication && { gateway: { ...gateway, authentication } }) };
    await editor.page.route('**/envoy-gateway/state/*', (route) => route.fulfill({ json }));
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
  }

  const cases: [kind: string | undefined, credentials: Credentials, reason: RegExp | undefined][] = [
    [undefined, {}, undefined],
    [undefined, { username: 'installer' }, undefined],
    [undefined, { username: 'someone@example.com' }, /password is missing: enter the password/],
    [undefined, { username: 'someone' }, /password is missing/],
    [undefined, { username: 'someone@example.com', password: 'secret' }, undefined],
    [undefined, { username: '${ENVOY_USER}' }, undefined],
    [undefined, { password: 'secret' }, /no user: enter the user/],
    [undefined, { token: 'eyJhbGciOi' }, /not a whole token: copy it again/],
    [undefined, { token: typed.token }, undefined],
    [undefined, { token: '${ENVOY_TOKEN}' }, undefined],
    ['token', {}, /user is missing: enter the e-mail/],
    ['token', { username: 'Installer' }, /firmware below 7: enter the e-mail/],
    ['token', { username: 'installer', token: typed.token }, undefined],
    ['token', { token: typed.token }, undefined],
    ['token', { username: 'someone@example.com', token: typed.token }, /password is missing/],
    ['digest', {}, undefined],
    ['digest', { username: 'someone@example.com' }, undefined],
    ['digest', { username: 'someone' }, /password is missing/],
    ['digest', { password: 'secret' }, /no user: enter the user/],
  ];

  for (const kind of [undefined, 'token', 'digest']) {
    it(`are told at the field: gateway with ${kind ?? 'a firmware that is not known'}`, async () => {
      await nodeRed.deploy(configuredFlow);
      await openGateway(kind);
      const hints: Readonly<Record<string, string>> = { token: 'has firmware 7', digest: 'has firmware below 7' };
      await editor.page
        .locator('#envoy-gateway-credentials-hint')
        .getByText(hints[kind ?? ''] ?? 'Firmware 7 or newer:')
        .waitFor();
      for (const [, credentials, reason] of cases.filter(([of]) => of === kind)) {
        const reasons = await reasonsFor(credentials);
        const what = JSON.stringify(credentials);
        assert.equal(reasons.length, reason ? 1 : 0, `${what}: ${reasons.join(' ')}`);
        if (reason) assert.match(reasons[0] ?? '', reason, what);
      }
      if (kind === 'token') await editor.screenshot('credentials-missing');
      await editor.cancelConfig();
      editor.assertQuiet();
    });
  }

  it('are told after saving too: on the node that uses the gateway, and before a deploy', async () => {
    await nodeRed.deploy(emptyFlow);
    editor = await Editor.open(browser, nodeRed.url);
    const { page } = editor;
    const triangle = page.locator('[id="read"] .red-ui-flow-node-error');
    await triangle.waitFor();
    await editor.openNode('read');
    assert.match(await editor.reason(editor.field('gateway')), /No gateway is chosen: choose one, or add one/);
    await editor.openConfig('gateway', 'add');
    await editor.type(editor.configField('host'), typed.host);
    await editor.type(editor.configField('username'), typed.username);
    await editor.saveConfig();
    assert.match(await editor.reason(editor.field('gateway')), /Something is wrong with the settings of this gateway/);
    await editor.screenshot('read-with-wrong-gateway');
    await editor.saveNode();
    assert.equal(await triangle.isVisible(), true);
    await page.locator('#red-ui-header-button-deploy').click();
    const warning = page.locator('#red-ui-notifications').getByText(`${typed.host} (envoy-gateway)`);
    await warning.waitFor();
    await editor.screenshot('deploy-warning');
    await page.locator('#red-ui-notifications').getByText('Cancel').click();
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
    assert.match(await editor.reason(editor.configField('password')), /password is missing/);
    await editor.type(editor.configField('password'), typed.password);
    assert.equal(await editor.reason(editor.configField('password')), '');
    await editor.saveConfig();
    assert.equal(await editor.reason(editor.field('gateway')), '');
    await editor.saveNode();
    assert.equal(await triangle.isVisible(), false);
    await editor.deploy();
    editor.assertQuiet();
  });
});
