import { strict as assert } from 'node:assert';
import type { Browser, Locator } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { Dashboard } from '../demo/dashboard.js';
import { Editor } from '../editor/editor.js';
import { owner, Scene } from '../envoy/scene.js';
import { violationsWithin } from './accessible.js';
import { cardTitled, entry, gaugeShows, pointedAt } from './charts.js';
import { debugMessage, opened, showDebug } from './debug.js';
import { newHome } from './new-home.js';
import {
  dragFromPalette,
  importExample,
  installPackage,
  middle,
  nodeNamed,
  onCanvas,
  openDialog,
  press,
  setTopic,
  showTab,
  wire,
} from './steps.js';

const packageFolder = '@energy-nodes/node-red-envoy-linky';
const changedPassword = 'the-changed-password';
const inverters = 14;

describe('the journey of a new Envoy owner, from an empty user directory', function () {
  this.timeout(240_000);
  let scene: Scene;
  let browser: Browser;
  let editor: Editor;
  let dashboard: Dashboard;
  /** The inject node and the read node that were dragged from the palette. */
  let inject: Locator;
  let read: Locator;

  before(async () => {
    [scene, browser] = await Promise.all([Scene.set({ nodeRed: newHome(), gateway: { inverters } }), launchBrowser()]);
    await scene.startAgain();
    editor = await Editor.open(browser, scene.nodeRed.url);
  });
  after(async () => {
    await browser.close();
    await scene.end();
  });

  const status = (of: Locator, text: string | RegExp) =>
    of.locator('.red-ui-flow-node-status-label').filter({ hasText: text });
  const auth = (topic: string) => editor.page.locator('.red-ui-debug-msg').filter({ hasText: topic });

  it('installs the package with the palette manager', async () => {
    await installPackage(editor);
    editor.assertQuiet();
  });

  it('imports the dashboard, enters a gateway that the test finds good, and deploys', async () => {
    await importExample(editor, packageFolder, 'dashboard', 'Envoy dashboard');
    await showTab(editor, 'Envoy dashboard');
    await editor.screenshot('envoy-04-imported');
    await openDialog(editor, nodeNamed(editor, 'Envoy'));
    await editor.openConfig('gateway', 'add');
    const { host, port } = scene.gateway;
    await editor.type(editor.configField('host'), `${host}:${port}`);
    await editor.type(editor.configField('username'), owner.username);
    await editor.type(editor.configField('password'), owner.password);
    await editor.page.locator('#envoy-gateway-advanced summary').click();
    await editor.type(editor.configField('cloudUrl'), scene.cloud.url);
    await editor.type(editor.configField('tokenUrl'), scene.cloud.url);
    await editor.page.locator('#envoy-gateway-advanced summary').click();
    await editor.page.locator('#envoy-gateway-test').click();
    const steps = editor.page.locator('#envoy-gateway-state [data-step]');
    await steps.filter({ hasText: 'Production now' }).waitFor();
    assert.equal(await editor.page.locator('#envoy-gateway-state [data-ok="false"]').count(), 0);
    await editor.screenshot('envoy-05-tested');
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await status(nodeNamed(editor, 'Envoy'), /^\d+ W/).waitFor();
    await editor.screenshot('envoy-06-deployed');
    editor.assertQuiet();
  });

  it('sees on the dashboard what the gateway measures, moving', async () => {
    dashboard = await Dashboard.open(browser, scene.nodeRed.url);
    const { page } = dashboard;
    const production = cardTitled(page, 'Production now');
    const first = await gaugeShows(production);
    assert.notEqual(await gaugeShows(production, first), first);
    await dashboard.state(/^Connected$/);
    assert.equal((await dashboard.inverters()).length, inverters);
    near(await gaugeShows(production), scene.gateway.truth().production);
    near(await gaugeShows(cardTitled(page, 'Consumption now')), scene.gateway.truth().house);
    const said = await pointedAt(cardTitled(page, 'Today'), 'Production');
    near(entry(said, 'Production'), scene.gateway.truth().production);
    near(entry(said, 'Consumption'), scene.gateway.truth().house);
    await dashboard.screenshot('envoy-07-dashboard');
    dashboard.assertQuiet();
  });

  it('builds a flow with the mouse, and sees the payload in the debug sidebar', async () => {
    await showTab(editor, 'Flow 1');
    inject = await dragFromPalette(editor, 'inject', await onCanvas(editor, 200, 240));
    read = await dragFromPalette(editor, 'envoy-read', await onCanvas(editor, 400, 240));
    const debug = await dragFromPalette(editor, 'debug', await onCanvas(editor, 620, 200));
    const problems = await dragFromPalette(editor, 'debug', await onCanvas(editor, 620, 300));
    await wire(editor, inject, read);
    await wire(editor, read, debug);
    await wire(editor, read, problems, 1);
    await openDialog(editor, read);
    await editor.screenshot('envoy-08-dragged');
    await editor.field('interval').fill('0');
    const { host, port } = scene.gateway;
    await editor.field('gateway').selectOption({ label: `${host}:${port}` });
    await editor.saveNode();
    await editor.deploy();
    await showDebug(editor);
    await press(inject);
    const message = await debugMessage(editor, 'debug 1');
    const watts = Number(/wattsNow: (\d+)/.exec(await opened(message, 'production', 'wattsNow'))?.[1]);
    near(watts, scene.gateway.truth().production);
    await editor.screenshot('envoy-09-debug');
    editor.assertQuiet();
  });

  it('is told of a wrong password wherever somebody looks, and is out of it by the editor', async () => {
    scene.cloud.setPassword(owner.username, changedPassword);
    await dashboard.pressReauthenticate();
    assert.match(await dashboard.notification('rejected'), /Correct the user and the password/);
    await dashboard.state(/The user or the password was rejected\./);
    await dashboard.screenshot('envoy-10-rejected');
    await press(inject);
    await status(read, 'wrong password').waitFor();
    await auth('credentials_rejected').waitFor();
    await editor.screenshot('envoy-11-rejected');
    await openDialog(editor, read);
    await editor.openConfig('gateway', 'edit');
    await editor.page.locator('#envoy-gateway-state').getByText('rejected').waitFor();
    await editor.screenshot('envoy-12-rejected-dialog');
    await editor.type(editor.configField('password'), changedPassword);
    await editor.saveConfig();
    await editor.saveNode();
    await editor.deploy();
    await press(inject);
    await status(read, /^\d+ W/).waitFor();
    await dashboard.state(/^Connected$/);
    editor.assertQuiet();
  });

  it('is out of it by a message, once the password works again', async () => {
    await showTab(editor, 'Envoy dashboard');
    const envoy = nodeNamed(editor, 'Envoy');
    const { x, y } = await middle(envoy.locator('.red-ui-flow-node').first());
    const again = await dragFromPalette(editor, 'inject', { x: x - 160, y: y + 100 });
    await wire(editor, again, envoy);
    await setTopic(editor, again, 'reauthenticate');
    await editor.deploy();
    await dashboard.state(/^Connected$/);
    scene.cloud.setPassword(owner.username, owner.password);
    await press(again);
    await dashboard.state(/The user or the password was rejected\./);
    await status(envoy, 'wrong password').waitFor();
    await editor.screenshot('envoy-13-message');
    scene.cloud.setPassword(owner.username, changedPassword);
    await press(again);
    await dashboard.state(/^Connected$/);
    await status(envoy, /^\d+ W/).waitFor();
    editor.assertQuiet();
  });

  it('finds no barrier on the dashboard, and fits a phone', async () => {
    const { page } = dashboard;
    assert.deepEqual(await violationsWithin(page, '.nrdb-ui-group'), []);
    await page.setViewportSize({ width: 390, height: 844 });
    await gaugeShows(cardTitled(page, 'Production now'));
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), 0);
    await dashboard.screenshot('envoy-14-phone');
    dashboard.assertQuiet();
  });

  it('kept the secrets to itself', async () => {
    const seen = [
      await editor.exportAll(),
      scene.nodeRed.log(),
      await editor.page.content(),
      await dashboard.page.content(),
    ].join('\n');
    for (const secret of [owner.password, changedPassword]) assert.ok(!seen.includes(secret));
    assert.doesNotMatch(seen, /eyJ[\w-]+\.eyJ/, 'a token is to be seen');
  });
});

/** The gateway goes on between a reading and the comparison: a twentieth is what may lie between them. */
function near(shown: number, truth: number): void {
  assert.ok(Math.abs(shown - truth) <= Math.max(40, truth / 20), `${shown} W is shown, ${truth} W it is`);
}
