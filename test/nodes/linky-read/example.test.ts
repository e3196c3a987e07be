import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { helper } from '../../support/node-test-helper.js';
import { LinkyFlow } from './linky-flow.js';

const require = createRequire(import.meta.url);
const core = (name: string) => require(`@node-red/nodes/core/${name}`) as (RED: NodeAPI) => void;

type Part = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

describe('the example "Linky to CSV"', () => {
  let flow: LinkyFlow | undefined;
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'linky-csv-'));
  });
  afterEach(async () => {
    await flow?.close();
    helper.settings({});
    rmSync(directory, { recursive: true });
  });

  it('writes a range to a file, with a header, days in the time of France', async () => {
    const parts = JSON.parse(readFileSync('examples/10 - Linky to CSV.json', 'utf8')) as Part[];
    helper.settings({ fileWorkingDirectory: directory });
    flow = await LinkyFlow.start();
    const used = parts
      .filter(({ type }) => ['linky-read', 'function', 'csv', 'file', 'catch'].includes(type))
      .map((part) => ({ ...part, ...(part.type === 'linky-read' && { account: 'account', daily: false }) }))
      .map((part) => ({ ...part, ...(part.type === 'file' && { wires: [['written']] }) }));
    await flow.loadNodes(
      [core('function/10-function.js'), core('parsers/70-CSV.js'), core('storage/10-file.js')],
      [{ id: 'linky-csv', type: 'tab' }, ...used, { id: 'written', type: 'helper', z: 'linky-csv', x: 1, y: 1 }],
    );
    const written = new Promise((resolve) => helper.getNode('written').once('input', resolve));
    helper.getNode('linky-csv-range').receive({ from: '2026-10-24', to: '2026-10-26', suffix: 'test' });
    await written;
    const lines = readFileSync(join(directory, 'linky-4270-test.csv'), 'utf8').trimEnd().split('\n');
    assert.equal(lines[0], 'time,start,end,value,unit');
    assert.match(String(lines[1]), /^2026-10-24 00:00,2026-10-23T22:00:00.000Z,2026-10-24T22:00:00.000Z,\d+,Wh$/);
    assert.match(String(lines[2]), /^2026-10-25 00:00,2026-10-24T22:00:00.000Z,2026-10-25T23:00:00.000Z,\d+,Wh$/);
    assert.equal(lines.length, 3);
  });
});
