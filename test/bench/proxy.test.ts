import assert from 'node:assert/strict';
import { measurePolls } from '../../bench/proxy/polls.js';
import { pollReport } from '../../bench/proxy/report.js';
import { mongoDatabase } from '../support/mongodb.js';

describe('the bench of the proxy', () => {
  const database = mongoDatabase();

  it('polls pending codes of both stores and the baseline, and gives a line for each', async function () {
    this.timeout(60_000);
    const told: string[] = [];
    const rounds = { warmUp: 0, counted: 2, milliseconds: 50, connections: 4, rate: 100 };
    const plan = { ...rounds, waiting: 30, sizes: [20, 40], mongodb: database().uri };
    const costs = await measurePolls(plan, (what) => told.push(what));
    assert.equal(told.length, 4);
    const measured = costs.proxies.map(({ store, pending, polled }) => `${store} ${pending} ${polled}`);
    assert.deepEqual(measured, [
      'embedded 20 20',
      'mongodb 20 20',
      'embedded 40 30',
      'embedded 40 40',
      'mongodb 40 30',
      'mongodb 40 40',
    ]);
    for (const { turns } of costs.proxies) {
      assert.equal(turns.length, 2);
      for (const { full, even, operations } of turns) {
        assert.deepEqual([full.failures, even.failures], [{}, {}]);
        assert.ok(full.done > 0 && even.done > 0);
        assert.ok((operations['replace'] ?? 0) >= 1, 'a poll was not written down');
      }
    }
    assert.equal(costs.bare.length, 2);
    const [head = '', ...lines] = pollReport(costs).split('\n');
    assert.match(head, /^pending codes +codes +of them polled +polls\/s/);
    assert.equal(lines.length, 7);
    for (const line of lines) assert.match(line, /^(bare findOne|embedded|mongodb) +[\d,]+( +[\d,.]+){12} +0$/);
  });
});
