import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { datasetNames } from '../../../lib/envoy/datasets/types.js';
import { launchBrowser } from '../../support/browser.js';
import { startNodeRed, type NodeRedProcess } from '../../support/node-red.js';
import { Editor } from './editor.js';
import { configuredFlow, emptyFlow, nowhere, typed } from './flows.js';

type Node = Record<string, unknown>;

/** Resolves when a picture is there. Runs in the page. */
async function hasArrived(picture: Element): Promise<boolean> {
  await (picture as HTMLImageElement).decode();
  return (picture as HTMLImageElement).naturalWidth > 0;
}

describe('the dialogs of envoy-gateway and envoy-read', () => {
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

  async function deployed(type: string): Promise<Node> {
    const { body } = await nodeRed.admin('GET', '/flows');
    const found = (body as Node[]).find((node) => node['type'] === type);
    assert.ok(found, `no ${type} was deployed`);
    return found;
  }

  it('are filled, saved, deployed and opened again, and no secret is seen anywhere', async () => {
    await nodeRed.deploy(emptyFlow);
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('read');
    assert.match(await editor.complaint(editor.field('gateway')), /No gateway is chosen: choose one/);
    await editor.openConfig('gateway', 'add');
    await editor.screenshot('gateway-new');
    await editor.type(editor.configField('name'), 'Roof');
    await editor.type(editor.configField('host'), typed.host);
    await editor.type(editor.configField('username'), typed.username);
    await editor.type(editor.configField('password'), typed.password);
    await editor.type(editor.configField('token'), typed.token);
    await editor.page.locator('#envoy-gateway-advanced summary').click();
    await editor.configField('tls').selectOption('verify');
    await editor.type(editor.configField('fingerprint'), typed.fingerprint);
    await editor.type(editor.configField('cloudUrl'), `http://${nowhere}`);
    await editor.type(editor.configField('tokenUrl'), '${TOKEN_URL}');
    await editor.type(editor.configField('refreshBefore'), '12.5');
    await editor.type(editor.configField('timeout'), '20');
    await editor.screenshot('gateway-filled');
    await editor.saveConfig();
    await editor.page.locator('#envoy-read-dataset-inverters').check();
    await editor.page.locator('#envoy-read-dataset-production').check();
    await editor.type(editor.field('interval'), '0');
    await editor.field('raw').check();
    await editor.screenshot('read-filled');
    await editor.saveNode();
    await editor.deploy();

    const gateway = await deployed('envoy-gateway');
    const { id, ...properties } = gateway;
    assert.deepEqual(properties, {
      type: 'envoy-gateway',
      name: 'Roof',
      host: typed.host,
      tls: 'verify',
      fingerprint: typed.fingerprint,
      cloudUrl: `http://${nowhere}`,
      tokenUrl: '${TOKEN_URL}',
      refreshBefore: '12.5',
      timeout: '20',
    });
    const read = await deployed('envoy-read');
    assert.equal(read['gateway'], id);
    assert.deepEqual(read['datasets'], ['production', 'inverters']);
    assert.deepEqual([read['interval'], read['stream'], read['raw']], ['0', false, true]);

    await editor.close();
    editor = await Editor.open(browser, nodeRed.url);
    assert.equal(await editor.page.locator('[id="read"] .red-ui-flow-node-label').textContent(), 'Roof');
    await editor.openNode('read');
    assert.equal(await editor.page.locator('#envoy-read-dataset-inverters').isChecked(), true);
    assert.equal(await editor.page.locator('#envoy-read-dataset-consumption').isChecked(), false);
    assert.equal(await editor.field('interval').inputValue(), '0');
    await editor.openConfig('gateway', 'edit');
    assert.equal(await editor.configField('host').inputValue(), typed.host);
    assert.equal(await editor.configField('username').inputValue(), typed.username);
    assert.equal(await editor.configField('password').inputValue(), '__PWRD__');
    assert.equal(await editor.configField('token').inputValue(), '__PWRD__');
    await editor.type(editor.configField('name'), 'Roof south');
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    assert.equal((await deployed('envoy-gateway'))['name'], 'Roof south');
    const { body: credentials } = await nodeRed.admin('GET', `/credentials/envoy-gateway/${String(id)}`);
    assert.deepEqual(credentials, { username: typed.username, has_password: true, has_token: true });

    const exported = await editor.exportAll();
    assert.ok(exported.includes('Roof south'));
    for (const text of [exported, readFileSync(join(nodeRed.userDir, 'flows.json'), 'utf8'), nodeRed.log()]) {
      for (const secret of [typed.username, typed.password, typed.token]) assert.ok(!text.includes(secret));
    }
    editor.assertQuiet();
  });

  it('say at the field what is wrong and what to do', async () => {
    await nodeRed.deploy(configuredFlow);
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('read');
    await editor.type(editor.field('interval'), '5');
    assert.match(await editor.complaint(editor.field('interval')), /0 \(only on a message\).*from 10 to 86400/);
    await editor.type(editor.field('interval'), '10');
    assert.equal(await editor.complaint(editor.field('interval')), '');
    await editor.openConfig('gateway', 'edit');
    await editor.page.locator('#envoy-gateway-advanced summary').click();
    const wrong: [property: string, value: string, complaint: RegExp, right: string][] = [
      ['host', '', /address is missing/, 'envoy.local'],
      ['host', 'https://envoy.local', /leave out https/, '192.168.1.20:8443'],
      ['host', 'fe80::1', /square brackets/, '[fe80::1]:443'],
      ['host', 'envoy.local:99999', /1 to 65535/, '${ENVOY_HOST}'],
      ['host', '192.168.1.300', /neither an IP address nor a host name/, nowhere],
      ['fingerprint', 'AB:CD', /64 hexadecimal digits/, 'ab'.repeat(32)],
      ['cloudUrl', 'enlighten.enphaseenergy.com', /starts with https/, 'https://enlighten.enphaseenergy.com'],
      ['tokenUrl', '', /URL is missing/, `http://${nowhere}`],
      ['refreshBefore', '0', /above 0 and at most 364/, '0.5'],
      ['timeout', '301', /from 1 to 300/, '300'],
    ];
    for (const [property, value, complaint, right] of wrong) {
      await editor.type(editor.configField(property), value);
      assert.match(await editor.complaint(editor.configField(property)), complaint, `${property} = "${value}"`);
      assert.match(await editor.reason(editor.configField(property)), complaint, `${property} = "${value}"`);
      if (value === '192.168.1.300') await editor.screenshot('gateway-wrong');
      await editor.type(editor.configField(property), right);
      assert.equal(await editor.complaint(editor.configField(property)), '', `${property} = "${right}"`);
      assert.equal(await editor.reason(editor.configField(property)), '', `${property} = "${right}"`);
    }
    await editor.cancelConfig();
    editor.assertQuiet();
  });

  it('take the defaults where a flow carries no value', async () => {
    const [tab] = emptyFlow;
    assert.ok(tab);
    const read = { id: 'read', type: 'envoy-read', z: 'tab', gateway: 'gateway', x: 240, y: 160, wires: [[], []] };
    await nodeRed.deploy([tab, { id: 'gateway', type: 'envoy-gateway', host: nowhere }, read]);
    editor = await Editor.open(browser, nodeRed.url);
    assert.equal(await editor.page.locator('[id="read"] .red-ui-flow-node-error').isVisible(), false);
    await editor.openNode('read');
    assert.equal(await editor.field('interval').inputValue(), '60');
    await editor.openConfig('gateway', 'edit');
    const expected = { tls: 'pin', tokenUrl: 'https://entrez.enphaseenergy.com', refreshBefore: '30', timeout: '45' };
    for (const [property, value] of Object.entries(expected)) {
      assert.equal(await editor.configField(property).inputValue(), value, property);
      assert.equal(await editor.complaint(editor.configField(property)), '', property);
    }
    editor.assertQuiet();
  });

  it('offer every dataset and the live messages, with words for them', async () => {
    await nodeRed.deploy(configuredFlow);
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('read');
    const boxes = editor.page.locator('#envoy-read-datasets label');
    const offered = await boxes
      .locator('input')
      .evaluateAll((inputs) => inputs.map((input) => input.getAttribute('value')));
    assert.deepEqual(offered, [...datasetNames]);
    const labels = await boxes.allInnerTexts();
    assert.ok(labels.some((text) => text.includes('IQ Batteries')));
    assert.ok(!labels.some((text) => text.includes('dataset.')), 'a label is missing');
    for (const name of datasetNames) await editor.page.locator(`#envoy-read-dataset-${name}`).check();
    await editor.field('stream').check();
    assert.match(
      await editor.page.locator('#dialog-form').innerText(),
      /owner account by polling.*metered or a battery/s,
    );
    await editor.screenshot('read-all');
    await editor.saveNode();
    await editor.deploy();
    const { datasets, stream } = await deployed('envoy-read');
    assert.deepEqual([datasets, stream], [[...datasetNames, 'later'], true]);
    editor.assertQuiet();
  });

  it('keep datasets that they do not offer', async () => {
    await nodeRed.deploy(configuredFlow);
    editor = await Editor.open(browser, nodeRed.url);
    await editor.openNode('read');
    assert.match(await editor.page.locator('#envoy-read-datasets').innerText(), /Also read: later/);
    await editor.page.locator('#envoy-read-dataset-production').uncheck();
    await editor.page.locator('#envoy-read-dataset-meters').check();
    await editor.saveNode();
    await editor.deploy();
    assert.deepEqual((await deployed('envoy-read'))['datasets'], ['meters', 'later']);
    editor.assertQuiet();
  });

  for (const { locale, category, label, help, field, port } of [
    {
      locale: 'en-US',
      category: 'energy',
      label: 'envoy read',
      help: 'Reads solar production',
      field: 'Address',
      port: 'authentication error',
    },
    {
      locale: 'fr-FR',
      category: 'énergie',
      label: 'lire envoy',
      help: 'Lit la production solaire',
      field: 'Adresse',
      port: "erreur d'authentification",
    },
  ]) {
    it(`speak the language of the browser: ${locale}`, async () => {
      await nodeRed.deploy(configuredFlow);
      editor = await Editor.open(browser, nodeRed.url, locale);
      const { page } = editor;
      const entry = page.locator('.red-ui-palette-node[data-palette-type="envoy-read"]');
      assert.equal(await entry.locator('.red-ui-palette-label').innerText(), label);
      assert.match(await page.locator('#red-ui-palette-header-energy').innerText(), new RegExp(category));
      const icon = await entry.locator('.red-ui-palette-icon').getAttribute('style');
      assert.match(icon ?? '', /icons\/@energy-nodes\/node-red-envoy-linky\/envoy\.svg/);
      await page.locator('[id="read"] .red-ui-flow-port-output').nth(1).hover();
      await page.locator('.red-ui-flow-port-tooltip').getByText(port).waitFor();
      await page.locator('[id="read"] .red-ui-flow-node').first().click();
      await page.evaluate("RED.actions.invoke('core:show-help-tab')");
      const shown = page
        .locator('.red-ui-help .red-ui-help-content, .red-ui-info-panel, .red-ui-help')
        .filter({ hasText: help })
        .first();
      await shown.waitFor();
      const picture = page.locator('.red-ui-help img[src^="resources/"]');
      await picture.waitFor();
      assert.ok(await picture.evaluate(hasArrived), 'the picture of the help is served');
      assert.notEqual(await picture.getAttribute('alt'), '');
      await editor.screenshot(`help-${locale}`);
      await editor.openNode('read');
      await editor.screenshot(`read-${locale}`);
      await editor.openConfig('gateway', 'edit');
      assert.ok((await page.locator('label[for="node-config-input-host"]').innerText()).includes(field));
      await page.locator('#envoy-gateway-advanced summary').click();
      await editor.screenshot(`gateway-${locale}`);
      editor.assertQuiet();
    });
  }
});
