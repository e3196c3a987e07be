import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { Editor } from './editor.js';
import { emptyFlow } from './flows.js';
import { account, serial, startEditorWorld, type EditorWorld } from './gateway-world.js';

describe('the connection test of envoy-gateway against a gateway', () => {
  let world: EditorWorld;
  let editor: Editor;

  before(async () => {
    world = await startEditorWorld();
  });
  after(() => world.close());
  afterEach(() => editor.close());

  /** Opens the dialog of a new gateway and fills in where gateway and cloud are. */
  async function openFilled(password: string): Promise<void> {
    await world.nodeRed.deploy(emptyFlow);
    editor = await Editor.open(world.browser, world.nodeRed.url);
    await editor.openNode('read');
    await editor.openConfig('gateway', 'add');
    await editor.type(editor.configField('host'), `${world.gateway.host}:${world.gateway.port}`);
    await editor.type(editor.configField('username'), account.email);
    await editor.type(editor.configField('password'), password);
    await editor.page.locator('#envoy-gateway-advanced summary').click();
    await editor.type(editor.configField('cloudUrl'), world.cloud.url);
    await editor.type(editor.configField('tokenUrl'), world.cloud.url);
    await editor.page.locator('#envoy-gateway-advanced summary').click();
  }

  /** Presses *Test connection* and returns what each step came to. */
  async function outcome(): Promise<Record<string, string>> {
    await editor.page.locator('#envoy-gateway-test').click();
    const steps = editor.page.locator('#envoy-gateway-state [data-step]');
    await steps.first().waitFor();
    const results = await steps.evaluateAll((items) =>
      items.map((item) => [item.getAttribute('data-step') ?? '', item.getAttribute('data-ok') ?? '']),
    );
    return Object.fromEntries(results) as Record<string, string>;
  }

  const panel = () => editor.page.locator('#envoy-gateway-state').innerText();

  it('says before the first deploy that all works, and after it shows the token of the deployed node', async () => {
    await openFilled(account.password);
    assert.deepEqual(await outcome(), {
      reachable: 'true',
      firmware: 'true',
      certificate: 'true',
      authentication: 'true',
      production: 'true',
    });
    const tested = await panel();
    assert.match(tested, /Production now: \d+ W/);
    assert.match(tested, /role owner · expires on/);
    assert.ok(!tested.includes(serial), 'the serial number is masked');
    await editor.screenshot('connection-works');
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    // The status below the node: its first reading has come.
    await editor.page
      .locator('[id="read"]')
      .getByText(/^\d+ W$/)
      .waitFor();
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
    await editor.page.locator('#envoy-gateway-state').getByText('role owner').waitFor();
    assert.ok((await panel()).replaceAll(':', '').includes(world.gateway.fingerprint.replaceAll(':', '')));
    assert.equal(world.cloud.logins, 1);
    editor.assertQuiet();
  });

  it('gives diagnostics of the deployed gateway, in which nothing tells whose it is', async () => {
    await openFilled(account.password);
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await editor.page
      .locator('[id="read"]')
      .getByText(/^\d+ W$/)
      .waitFor();
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
    await editor.page.locator('#envoy-gateway-diagnostics:enabled').click();
    const link = editor.page.locator('#envoy-gateway-diagnostics-file');
    await link.waitFor();
    const saving = editor.page.waitForEvent('download');
    await link.click();
    const text = readFileSync(await (await saving).path(), 'utf8');
    assert.ok(text.includes('production'), 'the replies are in it');
    for (const secret of [serial, account.email, account.password]) assert.ok(!text.includes(secret));
    await editor.screenshot('diagnostics-real');
    editor.assertQuiet();
  });

  it('says that the password is wrong and what to do', async () => {
    await openFilled('another-password');
    const steps = await outcome();
    assert.deepEqual([steps['reachable'], steps['firmware'], steps['authentication']], ['true', 'true', 'false']);
    const text = await panel();
    assert.match(text, /user or the password was rejected/);
    assert.match(text, /Correct the user and the password/);
    await editor.screenshot('connection-rejected');
    editor.assertQuiet();
  });

  it('says that nothing answers at the address', async () => {
    await openFilled(account.password);
    await world.gateway.powerOff();
    try {
      assert.equal((await outcome())['reachable'], 'false');
      assert.match(await panel(), /No gateway answers at 127\.0\.0\.1:\d+/);
      await editor.screenshot('connection-nobody');
    } finally {
      await world.gateway.powerOn();
    }
    editor.assertQuiet();
  });

  it('notices a certificate that changed, and trusts it once it was accepted', async () => {
    await openFilled(account.password);
    await outcome();
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await editor.openNode('read');
    await editor.openConfig('gateway', 'edit');
    await outcome();
    await world.gateway.setCertificate();
    assert.equal((await outcome())['certificate'], 'false');
    await editor.screenshot('connection-certificate');
    await editor.page.locator('#envoy-gateway-accept-certificate').click();
    const accepted = await editor.configField('fingerprint').inputValue();
    assert.equal(
      accepted.replaceAll(':', '').toLowerCase(),
      world.gateway.fingerprint.replaceAll(':', '').toLowerCase(),
    );
    assert.equal((await outcome())['production'], 'true');
    editor.assertQuiet();
  });
});
