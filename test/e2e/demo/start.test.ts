import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../../support/browser.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { Dashboard } from './dashboard.js';
import { DemoProcess, freePort } from './demo-process.js';

async function isServed(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('npm start', function () {
  this.timeout(240_000);
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  it('shows a simulated gateway, ends when asked to, and keeps flows that a person changed until --reset', async () => {
    const folder = temporaryUserDir();
    const port = await freePort();
    const first = new DemoProcess({ folder, port });
    await first.ready();
    assert.match(first.log, new RegExp(`^Dashboard +${first.url}/dashboard$`, 'm'));
    assert.match(first.log, new RegExp(`^Editor +${first.url}/$`, 'm'));
    assert.match(first.log, /^Your gateway +ENVOY_HOST=\S+ ENVOY_USERNAME=\S+ ENVOY_PASSWORD=\S+ npm start$/m);
    assert.doesNotMatch(first.log, /warn|error/i);
    const dashboard = await Dashboard.open(browser, first.url);
    assert.ok((await dashboard.production()) > 100);
    assert.equal((await dashboard.inverters()).length, 14);
    const now = ['Production now', 'Consumption now', 'Battery', 'Grid and energy'];
    await dashboard.cards(...now, 'Today', 'Inverters', 'Gateway');
    await dashboard.screenshot('dashboard-simulated');
    dashboard.assertQuiet();
    await dashboard.close();
    assert.equal(await first.stop('SIGINT'), 0);
    assert.equal(await isServed(first.url), false, 'Node-RED survived the demo');

    const flows = join(folder, 'flows.json');
    const changed = readFileSync(flows, 'utf8').replace('Solar production', 'My roof');
    writeFileSync(flows, changed);
    const second = new DemoProcess({ folder, port });
    await second.ready();
    assert.match(second.log, /Your own version of the demo flows is used/);
    assert.equal(await second.stop(), 0);
    assert.equal(readFileSync(flows, 'utf8'), changed);

    const third = new DemoProcess({ folder, port, arguments: ['--reset'] });
    await third.ready();
    assert.equal(await third.stop(), 0);
    assert.doesNotMatch(readFileSync(flows, 'utf8'), /My roof/);
    const kept = readdirSync(folder).filter((name) => name.startsWith('flows.before-reset'));
    assert.deepEqual(
      kept.map((name) => readFileSync(join(folder, name), 'utf8')),
      [changed],
    );
  });

  it('reads the simulated gateway on after a restart, without another login and without a jump of its counters', async () => {
    const folder = temporaryUserDir();
    const port = await freePort();
    const kept = join(folder, 'energy-nodes');
    const logins = () => {
      const files = readdirSync(kept).filter((name) => name.startsWith('account-'));
      return files.map((name) => readFileSync(join(kept, name), 'utf8'));
    };
    const first = new DemoProcess({ folder, port });
    await first.ready();
    const before = await Dashboard.open(browser, first.url);
    assert.ok((await before.production()) > 100);
    const battery = await before.battery();
    assert.match(battery.word, /^(charging|discharging|at rest)$/);
    assert.ok(battery.charge > 0 && battery.charge <= 100, `${battery.charge} %`);
    const since = await before.countsSince();
    await before.close();
    assert.equal(await first.stop(), 0);
    const atFirst = logins();
    assert.equal(atFirst.length, 1);

    const second = new DemoProcess({ folder, port });
    await second.ready();
    const after = await Dashboard.open(browser, second.url);
    assert.ok((await after.production()) > 100);
    await after.state(/^Connected$/);
    assert.equal(await after.countsSince(), since);
    assert.equal(await after.leftOut(), 'nothing');
    after.assertQuiet();
    await after.close();
    assert.equal(await second.stop(), 0);
    assert.deepEqual(logins(), atFirst);
  });

  it('says what to do when the port is taken', async () => {
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const folder = temporaryUserDir();
    const demo = new DemoProcess({ folder, port });
    assert.equal(await demo.ended(), 1);
    server.close();
    assert.match(demo.log, new RegExp(`Port ${port} is taken .*PORT=${port + 1} npm start`));
  });

  it('leaves a folder alone that is not the demo’s own', async () => {
    const folder = temporaryUserDir();
    writeFileSync(join(folder, 'flows.json'), '[]');
    const demo = new DemoProcess({ folder, port: await freePort() });
    assert.equal(await demo.ended(), 1);
    assert.match(demo.log, /was not made by the demo: set DEMO_DIR/);
    assert.equal(readFileSync(join(folder, 'flows.json'), 'utf8'), '[]');
    assert.equal(existsSync(join(folder, 'energy-nodes')), false);
  });

  for (const file of ['simulator.json', 'enedis.json']) {
    it(`ends with what it started when ${file} cannot be written`, async () => {
      const folder = temporaryUserDir();
      writeFileSync(join(folder, 'demo.json'), '{}');
      mkdirSync(join(folder, `${file}.new`));
      const demo = new DemoProcess({ folder, port: await freePort() });
      assert.equal(await demo.ended(), 1);
      assert.match(demo.log, new RegExp(`${file} cannot be written \\(EISDIR\\)`));
    });
  }
});
