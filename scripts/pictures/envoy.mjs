/**
 * Makes the pictures of envoy-gateway and envoy-read for the README and the help, with a simulated gateway:
 *   node --import tsx scripts/pictures/envoy.mjs
 */
import { startCloud, startGateway } from '../../simulator/index.js';
import { Editor } from '../../test/e2e/editor/editor.js';
import { launchBrowser } from '../../test/support/browser.js';
import { startNodeRed } from '../../test/support/node-red.js';
import { clipAround, savePicture } from './picture.mjs';

const serial = '122600000042';
const account = { email: 'someone@example.com', password: 'a password', serials: [serial] };

function flow(host, cloud) {
  const place = { z: 'tab', y: 120 };
  return [
    { id: 'tab', type: 'tab', label: 'Solar' },
    {
      id: 'gateway',
      type: 'envoy-gateway',
      name: 'Envoy',
      host,
      tls: 'pin',
      fingerprint: '',
      cloudUrl: cloud,
      tokenUrl: cloud,
      refreshBefore: 30,
      timeout: 45,
      credentials: { username: account.email, password: account.password },
    },
    {
      ...place,
      id: 'read',
      type: 'envoy-read',
      name: '',
      gateway: 'gateway',
      datasets: [],
      interval: 60,
      stream: false,
      raw: false,
      x: 130,
      wires: [['chart'], ['alert']],
    },
    { ...place, id: 'chart', type: 'debug', name: 'readings', active: false, tosidebar: true, x: 320, y: 100 },
    {
      ...place,
      id: 'alert',
      type: 'debug',
      name: 'authentication error',
      active: false,
      tosidebar: true,
      x: 350,
      y: 160,
    },
  ];
}

/** Takes the mouse and the focus off the dialog. */
async function leaveAlone(page) {
  await page.mouse.move(0, 0);
  await page.locator('#red-ui-editor-stack').focus();
}

async function pictureFlow(page) {
  const nodes = ['read', 'chart', 'alert'].map((id) => page.locator(`[id="${id}"] .red-ui-flow-node`).first());
  const clip = await clipAround([...nodes, page.locator('[id="read"]')], 24);
  await savePicture(page, 'envoy-read', clip);
}

async function pictureGateway(editor) {
  const { page } = editor;
  await editor.openNode('read');
  await editor.openConfig('gateway', 'edit');
  const panel = page.locator('#envoy-gateway-state');
  await panel.getByText('role owner').waitFor();
  await page.locator('#envoy-gateway-test').click();
  await panel.locator('[data-step="production"][data-ok="true"]').waitFor();
  // The port of the simulated gateway tells nobody anything.
  await panel.locator('[data-step="reachable"] span').last().evaluate(shortenAddress);
  await leaveAlone(page);
  await savePicture(page, 'envoy-gateway-test', await clipAround([page.locator('#envoy-gateway-test'), panel], 10));
  await editor.cancelConfig();
  await editor.openConfig('gateway', 'edit');
  await panel.getByText('role owner').waitFor();
  await editor.configField('host').fill('envoy.local');
  await leaveAlone(page);
  const top = page.locator('.red-ui-tray').last().locator('.red-ui-tray-header');
  await savePicture(page, 'envoy-gateway', await clipAround([top, page.locator('#envoy-gateway-advanced')], 0));
}

/** Runs in the page. */
function shortenAddress(element) {
  element.textContent = (element.textContent ?? '').replace(/127\.0\.0\.1:\d+/, 'envoy.local');
}

const [nodeRed, browser, cloud] = await Promise.all([
  startNodeRed({ platform: '5.0' }),
  launchBrowser(),
  startCloud({ tls: false, accounts: [account] }),
]);
const gateway = await startGateway({ serial, cloud, startAt: 13 });
try {
  await nodeRed.deploy(flow(`${gateway.host}:${gateway.port}`, cloud.url));
  const editor = await Editor.open(browser, nodeRed.url);
  await editor.page
    .locator('[id="read"]')
    .getByText(/^\d+ W$/)
    .waitFor();
  await pictureFlow(editor.page);
  await pictureGateway(editor);
} finally {
  await browser.close();
  await nodeRed.stop();
  await gateway.close();
  await cloud.close();
}
