import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { startPhpServer, type PhpServer } from '../../support/php-server.js';
import { fastClock } from '../../e2e/equipment/clock.js';

type Fields = Readonly<Record<string, unknown>>;

/** The five minutes of a code take six seconds. */
const speed = 50;

const outputs = ['prompt', 'outcome', 'problem'] as const;

/** A dance at a server; the ids of its nodes begin with `name`. */
function flowAt(name: string, { url, refreshUrl }: PhpServer): FlowNode[] {
  const place = { z: 'tab', x: 200, y: 200 };
  const id = (part: string) => `${name}-${part}`;
  const account = { server: url, clientId: 'client', refreshEndpoint: refreshUrl };
  return [
    { id: id('account'), type: 'enedis-account', ...account },
    { id: id('start'), type: 'test-input', ...place, wires: [[id('flow')]] },
    {
      id: id('flow'),
      type: 'device-flow',
      account: id('account'),
      attempts: 1,
      ...place,
      wires: outputs.map((output) => [id(output)]),
    },
    ...outputs.map((output) => ({ id: id(output), type: 'test-output', ...place, wires: [] })),
  ];
}

describe('The device node', () => {
  const usagePoints = ['12345678901234', '22345678901234'];
  let nodeRed: NodeRedProcess;
  let patient: PhpServer;
  let hasty: PhpServer;

  before(async () => {
    const clock = fastClock(speed);
    const { now } = clock;
    patient = await startPhpServer({ now, usagePoints });
    // Its codes end a little before it says.
    hasty = await startPhpServer({ now, lifetime: 293 });
    const flows = [{ id: 'tab', type: 'tab' }, ...flowAt('patient', patient), ...flowAt('hasty', hasty)];
    const env = clock.env('fast');
    const preload = fileURLToPath(new URL('../../e2e/device-flow/fast-performance.cjs', import.meta.url));
    const options = `${env['NODE_OPTIONS'] ?? ''} --require ${JSON.stringify(preload)}`;
    nodeRed = await startNodeRed({ flows, env: { ...env, NODE_OPTIONS: options } });
  });
  after(async () => {
    await nodeRed.stop();
    await patient.close();
    await hasty.close();
  });

  async function arrival(node: string): Promise<{ readonly topic: unknown; readonly payload: Fields }> {
    const { message } = await nodeRed.waitForMessage((received) => received.node === node);
    return { topic: message['topic'], payload: message['payload'] as Fields };
  }

  it('158 · at a server like the one in PHP shows the code with a link that it builds, and tells of an expired code', async () => {
    for (const name of ['patient', 'hasty']) nodeRed.send(`${name}-start`, {});
    const { payload: prompt } = await arrival('patient-prompt');
    const userCode = String(prompt['userCode']);
    assert.equal(prompt['verificationUriComplete'], `${patient.url}/device?code=${userCode}`);
    assert.equal(prompt['interval'], 5);
    patient.consent(userCode);
    const { payload: outcome } = await arrival('patient-outcome');
    assert.deepEqual([outcome['state'], outcome['usagePoints']], ['authorized', usagePoints]);
    const { payload: problem } = await arrival('hasty-problem');
    assert.equal(problem['code'], 'code_expired');
  });
});
