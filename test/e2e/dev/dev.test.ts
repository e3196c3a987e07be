import { strict as assert } from 'node:assert';
import { appendFileSync, existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../demo/demo-process.js';
import { temporaryUserDir } from '../../support/node-red/user-dir.js';
import { copyRepository, edit } from './copy.js';
import { DevProcess } from './dev-process.js';

const rebuilt = /^.*: built\..*$/m;

/** The body of a page, as a browser set to English gets it. */
async function page(url: string): Promise<string> {
  const reply = await fetch(url, { headers: { 'accept-language': 'en' } });
  return reply.text();
}

async function isServed(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

describe('npm run dev', function () {
  this.timeout(600_000);
  let root: string;
  let folder: string;
  let port: number;
  let dev: DevProcess;
  const source = (path: string): string => join(root, path);
  /** Where one of what is simulated listens, as the demo keeps it. */
  const simulated = (file: string, key: string): string => {
    const kept = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, number>;
    return `http://127.0.0.1:${kept[key] ?? 0}`;
  };

  before(async () => {
    root = temporaryUserDir();
    copyRepository(root);
    folder = temporaryUserDir();
    port = await freePort();
    dev = new DevProcess({ root, folder, port });
    await dev.ready();
  });
  const stop = async (): Promise<void> => {
    dev.kill('SIGTERM');
    await dev.ended;
  };
  after(() => stop());

  it('shows the demo and says where', async () => {
    assert.match(dev.log, new RegExp(`^Editor +${dev.url}/$`, 'm'));
    assert.match(dev.log, /^Your gateway +ENVOY_HOST=.* npm run dev$/m);
    assert.match(await page(`${dev.url}/enedis/`), /Enter a code/);
    assert.doesNotMatch(dev.log, /warn|error/i);
  });

  it('brings changed texts of the editor, also of a file that was replaced twice, and says that editors are out of date', async () => {
    const catalog = source('locales/en-US/envoy-read.json');
    const texts = (): Promise<string> => page(`${dev.url}/nodes/messages?lng=en-US`);
    let before = '"name": "envoy read"';
    for (const name of ['envoy once', 'envoy twice']) {
      const after = `"name": "${name}"`;
      const line = await dev.after(() => edit(catalog, before, after), rebuilt);
      assert.match(
        line,
        /^locales\/en-US\/envoy-read\.json: built\. Node-RED restarted \(.* s\)\. Reload open editors\.$/,
      );
      assert.match(await texts(), new RegExp(name));
      before = after;
    }
  });

  it('shows what is wrong with the sources while Node-RED goes on as it was, and the mended ones afterwards', async () => {
    const texts = source('lib/proxy/pages/texts/en.ts');
    const failure = await dev.after(
      () => edit(texts, "action: 'Enter a code'", 'action: 12'),
      /^.*: the build failed[^]*error TS\d+.*$/m,
    );
    assert.match(
      failure,
      /^lib\/proxy\/pages\/texts\/en\.ts: the build failed \(.* s\)\. Node-RED goes on as it was\.$/m,
    );
    assert.match(failure, /^ {4}lib\/proxy\/pages\/texts\/en\.ts\(\d+,\d+\): error TS\d+: /m);
    assert.match(await page(`${dev.url}/enedis/`), /Enter a code/);
    const line = await dev.after(() => edit(texts, 'action: 12', "action: 'Type a code'"), rebuilt);
    assert.match(line, /^lib\/proxy\/pages\/texts\/en\.ts: built\. Node-RED restarted \(.* s\)\.$/);
    assert.match(await page(`${dev.url}/enedis/`), /Type a code/);
  });

  it('shows the place of a mistake in the sources of the flows', async () => {
    const flows = source('demo/source/page.mjs');
    const failure = await dev.after(
      () => appendFileSync(flows, '\nconst = 1;\n'),
      /^.*: the build failed[^]*SyntaxError.*$/m,
    );
    assert.match(failure, /^ {4}demo\/source\/page\.mjs:\d+$/m);
    assert.match(await dev.after(() => edit(flows, '\nconst = 1;\n', ''), rebuilt), /Nothing to restart/);
  });

  it('rebuilds once for many files, and restarts nothing where the result is the same', async () => {
    const from = dev.log.length;
    const files = readdirSync(source('lib/proxy/routes')).map((name) => `lib/proxy/routes/${name}`);
    assert.ok(files.length > 10);
    const line = await dev.after(() => {
      for (const file of files) appendFileSync(source(file), '\n\n');
    }, rebuilt);
    assert.match(
      line,
      new RegExp(`^${files[0]}, ${files[1]} and ${files.length - 2} others: built. Nothing to restart`),
    );
    // Whatever a second rebuild for them would write comes before the line about another change.
    await dev.after(() => appendFileSync(source('lib/errors.ts'), '\n'), /^lib\/errors\.ts: built\..*$/m);
    assert.equal(dev.log.slice(from).match(/: built\./g)?.length, 2);
  });

  it('restarts what is simulated with a changed simulator, where it was before', async () => {
    const cloud = simulated('simulator.json', 'cloudPort');
    const line = await dev.after(
      () => edit(source('simulator/cloud/handler.ts'), "'404 Not Found'", "'404 Nobody here'"),
      rebuilt,
    );
    assert.match(line, /^simulator\/cloud\/handler\.ts: built\. Node-RED and the simulators restarted/);
    assert.equal(simulated('simulator.json', 'cloudPort'), cloud);
    assert.match(await page(`${cloud}/nothing`), /Nobody here/);
    assert.equal(await isServed(dev.url), true);
  });

  it('ends with Ctrl-C, and leaves nothing running', async () => {
    const places = [dev.url, simulated('simulator.json', 'cloudPort'), simulated('enedis.json', 'port')];
    assert.deepEqual(await Promise.all(places.map(isServed)), [true, true, true]);
    const from = dev.log.length;
    dev.pressControlC();
    assert.equal(await dev.ended, 0);
    assert.deepEqual(await Promise.all(places.map(isServed)), [false, false, false]);
    assert.doesNotMatch(dev.log.slice(from), /ended|next change|failed/);
  });

  it('ends in the middle of a build when it is asked to', async () => {
    await stop();
    appendFileSync(source('lib/errors.ts'), '\n');
    const stamp = source('dist/.build.json');
    assert.ok(existsSync(stamp));
    const begun = new Promise<void>((resolve) => {
      const watcher = watch(source('dist'), () => {
        if (existsSync(stamp)) return;
        watcher.close();
        resolve();
      });
    });
    dev = new DevProcess({ root, folder, port });
    await begun;
    dev.kill('SIGTERM');
    assert.equal(await dev.ended, 0);
    assert.doesNotMatch(dev.log, /failed|Error/);
    assert.equal(existsSync(stamp), false, 'the build was not ended');
  });

  it('leaves nothing running when it is killed', async () => {
    await stop();
    dev = new DevProcess({ root, folder, port });
    await dev.ready();
    const places = [dev.url, simulated('simulator.json', 'cloudPort'), simulated('enedis.json', 'port')];
    dev.kill('SIGKILL');
    // Resolves only when no child holds the output any more.
    await dev.ended;
    assert.deepEqual(await Promise.all(places.map(isServed)), [false, false, false]);
  });
});
