/**
 * Makes the pictures of the Linky nodes for the README and the help, with a proxy in front of a simulated Enedis:
 *   node --import tsx scripts/pictures/enedis.mjs
 */
import { Editor } from '../../test/e2e/editor/editor.js';
import { answer } from '../../test/support/account-flow.js';
import { launchBrowser } from '../../test/support/browser.js';
import { startNodeRed } from '../../test/support/node-red.js';
import { runningClock } from '../../test/support/proxy/clock.js';
import { ProxyWorld } from '../../test/support/proxy-world.js';
import { clipAround, savePicture } from './picture.mjs';

const publicUrl = 'https://example.org/enedis';
const clientId = 'example-client';
const outputs = [
  ['prompt', 'code and link'],
  ['outcome', 'consent'],
  ['problem', 'authentication error'],
];

function flow(server) {
  const place = { z: 'tab', x: 420 };
  return [
    { id: 'tab', type: 'tab', label: 'Linky' },
    { id: 'account', type: 'enedis-account', name: 'Linky at home', api: 'proxy', server, clientId },
    {
      ...place,
      id: 'flow',
      type: 'device-flow',
      name: '',
      x: 150,
      y: 140,
      account: 'account',
      wires: outputs.map(([id]) => [id]),
    },
    ...outputs.map(([id, name], index) => ({ ...place, id, type: 'debug', name, active: false, y: 80 + 60 * index })),
    {
      ...place,
      id: 'read',
      type: 'linky-read',
      x: 150,
      y: 300,
      account: 'account',
      from: '-7d',
      daily: true,
      wires: [[], []],
    },
    {
      ...place,
      id: 'proxy',
      type: 'device-flow-proxy',
      x: 150,
      y: 380,
      publicUrl,
      path: '/enedis',
      wires: [[]],
      credentials: { clientId: 'id-of-your-application', clientSecret: 'a secret' },
    },
  ];
}

/** Takes the mouse and the focus off the dialog. */
async function leaveAlone(page) {
  await page.mouse.move(0, 0);
  await page.locator('#red-ui-editor-stack').focus();
}

async function pictureDialog(editor, name, last) {
  const { page } = editor;
  await leaveAlone(page);
  const top = page.locator('.red-ui-tray').last().locator('.red-ui-tray-header');
  const clip = await clipAround([top, last], 0);
  await savePicture(page, name, { ...clip, height: clip.height + 12 });
}

async function closeDialog({ page }) {
  await page.locator('#node-dialog-cancel').click();
  await page.locator('#node-dialog-ok').waitFor({ state: 'detached' });
}

/** The node with its code below, then its dialog with the QR code. @returns the code */
async function pictureDance(editor) {
  const { page } = editor;
  await page.locator('[id="flow"] .red-ui-flow-node-button-button').click();
  await page.locator('.device-flow-prompt').waitFor();
  const status = page.locator('[id="flow"] .red-ui-flow-node-status-label', { hasText: 'min' });
  const [userCode] = (await status.textContent()).split(' ');
  const nodes = ['flow', ...outputs.map(([id]) => id)].map((id) =>
    page.locator(`[id="${id}"] .red-ui-flow-node`).first(),
  );
  const button = page.locator('[id="flow"] .red-ui-flow-node-button').first();
  await page.locator('.red-ui-notification button', { hasText: 'Close' }).click();
  await page.waitForFunction("document.querySelectorAll('.red-ui-notification').length === 0");
  await page.mouse.move(0, 0);
  await savePicture(page, 'device-flow', await clipAround([...nodes, button, status], 20));
  await editor.openNode('flow');
  const panel = page.locator('#device-flow-state');
  await panel.locator('img').waitFor();
  await leaveAlone(page);
  await savePicture(page, 'device-flow-code', await clipAround([page.locator('#device-flow-start'), panel], 10));
  return userCode;
}

async function pictureAccount(editor) {
  const { page } = editor;
  await editor.openConfig('account', 'edit');
  const panel = page.locator('#enedis-account-state');
  await panel.getByText('Linked.').waitFor();
  // The port of the simulated server tells nobody anything.
  await editor.configField('server').evaluate((field, url) => (field.value = url), publicUrl);
  await pictureDialog(editor, 'enedis-account', page.locator('#enedis-account-advanced'));
  await editor.cancelConfig();
}

const [nodeRed, browser, world] = await Promise.all([
  startNodeRed({ platform: '5.0' }),
  launchBrowser(),
  ProxyWorld.start({ start: Date.now(), settings: { publicUrl, publicClients: { [clientId]: 'Node-RED' } } }),
]);
const stopClock = runningClock(world.clock, 1);
try {
  await nodeRed.deploy(flow(world.first.url));
  const editor = await Editor.open(browser, nodeRed.url);
  const { page } = editor;
  const userCode = await pictureDance(editor);
  await answer(world, userCode, true);
  await page.locator('#device-flow-state').getByText('Linked').waitFor();
  await pictureAccount(editor);
  await closeDialog(editor);
  await editor.openNode('read');
  await pictureDialog(editor, 'linky-read', page.locator('.energy-nodes-form .form-row:visible').last());
  await closeDialog(editor);
  await editor.openNode('proxy');
  await pictureDialog(editor, 'device-flow-proxy', page.locator('#node-input-clientSecret'));
} finally {
  stopClock();
  await browser.close();
  await nodeRed.stop();
  await world.close();
}
