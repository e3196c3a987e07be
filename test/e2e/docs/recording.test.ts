import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { collectDiagnostics } from '../../../lib/envoy/diagnostics/collect.js';
import { Dashboard } from '../demo/dashboard.js';
import { DemoProcess, freePort } from '../demo/demo-process.js';
import { launchBrowser } from '../../support/browser.js';
import { freshDirectory } from '../../support/directory.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { SessionWorld } from '../../support/session.js';
import { blocks, root } from '../../docs/pages.js';

/** The command of CONTRIBUTING.md that begins so, in words. */
function wordsOf(beginning: string): string[] {
  const found = blocks().find(({ page, text }) => page === 'CONTRIBUTING.md' && text.startsWith(beginning));
  assert.ok(found, beginning);
  return found.text
    .replaceAll(/\\\n\s*/g, '')
    .split(' ')
    .filter(Boolean);
}

/** What the simulator says when it listens. */
interface Addresses {
  readonly gateway: { readonly url: string; readonly host: string; readonly serial: string; readonly firmware: string };
  readonly cloud: { readonly url: string };
}

/** A bundle of a simulated gateway, as its dialog gives it. */
async function recorded(): Promise<string> {
  const world = await SessionWorld.start();
  try {
    const { session } = world.open();
    await session.read({ datasets: [], raw: false });
    return JSON.stringify(await collectDiagnostics(session, { packageVersion: '1', nodeRedVersion: '4' }));
  } finally {
    await world.close();
  }
}

describe('the commands of CONTRIBUTING.md for a gateway to work with', function () {
  this.timeout(240_000);
  const directory = freshDirectory();
  let simulator: ChildProcess | undefined;
  let demo: DemoProcess | undefined;
  let browser: Browser | undefined;

  afterEach(async () => {
    await browser?.close();
    await demo?.stop();
    if (simulator?.pid !== undefined && simulator.exitCode === null) {
      const closed = once(simulator, 'close');
      // npx hands no signal on: it is the leader of a group of its own.
      process.kill(-simulator.pid, 'SIGTERM');
      await closed;
    }
    [simulator, demo, browser] = [undefined, undefined, undefined];
  });

  /** Runs a command as it stands and resolves with the line of JSON that it prints. */
  async function simulate([file = '', ...given]: readonly string[]): Promise<Addresses> {
    const child = spawn(file, given, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    simulator = child;
    for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as Addresses;
    throw new Error('The simulator said nothing.');
  }

  it('a bundle is played as a gateway, which the demo shows', async () => {
    const file = join(directory(), 'envoy-diagnostics.json');
    await writeFile(file, await recorded());
    const command = wordsOf('npx tsx simulator/main.ts --replay');
    assert.ok(command.includes('envoy-diagnostics.json'));
    const { gateway, cloud } = await simulate(command.map((word) => (word === 'envoy-diagnostics.json' ? file : word)));

    const words = wordsOf('ENVOY_HOST=127.0.0.1:PORT');
    assert.deepEqual(words.splice(-2), ['npm', 'start']);
    const given = Object.fromEntries(words.map((word) => word.split('=') as [string, string]));
    const addresses = { ENVOY_HOST: gateway.host, ENVOY_CLOUD_URL: cloud.url, ENVOY_TOKEN_URL: cloud.url };
    for (const name of Object.keys(addresses)) assert.match(given[name] ?? '', /127\.0\.0\.1:PORT$/, name);
    const env = { ...given, ...addresses };
    const folder = temporaryUserDir();
    demo = new DemoProcess({ folder, port: await freePort(), env: { ...env, DEMO_DIR: folder } });
    await demo.ready();
    browser = await launchBrowser();
    const dashboard = await Dashboard.open(browser, demo.url);
    assert.ok((await dashboard.production()) > 100);
    assert.equal((await dashboard.inverters()).length, 3);
    dashboard.assertQuiet();
    await dashboard.close();
  });

  it('a gateway is simulated with what the line names', async () => {
    const command = wordsOf('npx tsx simulator/main.ts --batteries');
    const { gateway } = await simulate(command);
    assert.equal(gateway.firmware, command.at(-1));
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
    try {
      const { statusCode, body } = await request(`${gateway.url}/info`, { dispatcher });
      assert.equal(statusCode, 200);
      assert.match(await body.text(), new RegExp(`<sn>${gateway.serial}</sn>`));
    } finally {
      await dispatcher.destroy();
    }
  });
});
