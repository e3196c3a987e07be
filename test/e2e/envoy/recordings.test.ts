import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import { startNodeRed, type FlowNode, type NodeRedProcess } from '../../support/node-red.js';
import { flowAround, gatewayNode, ids, readNode } from './flow.js';
import { differences, expectedOf, recordingsPresent, startReplay, type Replay } from './replay.js';

const account = { username: 'user@example.com', password: 'right' };
const usesTokens = (firmware: string): boolean => Number.parseInt(firmware, 10) >= 7;

/** Ids with the name of a system in them. */
const gatewayOf = (name: string): string => `gateway ${name}`;
const readOf = (name: string): string => `read ${name}`;

/** A gateway node and a read node for every recorded system. */
function flowOf({ sets, cloud }: Replay): FlowNode[] {
  const gateways = Object.entries(sets).map(([name, { address }]) =>
    gatewayNode({ host: address, cloudUrl: cloud, tokenUrl: cloud }, gatewayOf(name)),
  );
  const reads = Object.keys(sets).map((name) => readNode({ gateway: gatewayOf(name) }, readOf(name)));
  return flowAround(gateways, reads);
}

/** The same account everywhere: below firmware 7 it stands for the user `installer` of the gateway itself. */
function credentialsOf({ sets }: Replay): Record<string, typeof account> {
  return Object.fromEntries(Object.keys(sets).map((name) => [gatewayOf(name), account]));
}

async function statisticsOf({ cloud, ca }: Replay): Promise<{ logins: number; tokens: number }> {
  const dispatcher = new Agent({ connect: { ca: readFileSync(ca) } });
  const { body } = await dispatcher.request({ origin: cloud, path: '/__stats', method: 'GET' });
  const statistics = (await body.json()) as { logins: number; tokens: number };
  await dispatcher.close();
  return statistics;
}

describe('recorded systems read by a flow', function () {
  this.timeout(180_000);
  if (!recordingsPresent) {
    console.warn('SKIPPED: the recorded systems (../shared/envoy-recordings) are not here.');
    it('SKIPPED: there is no ../shared/envoy-recordings beside the repository', function () {
      this.skip();
    });
    return;
  }

  let replay: Replay;
  let nodeRed: NodeRedProcess;
  const started: { stop(): Promise<void> }[] = [];

  before(async () => {
    const player = await startReplay();
    started.push(player);
    replay = player.replay;
    nodeRed = await startNodeRed({
      flows: flowOf(replay),
      credentials: credentialsOf(replay),
      env: { NODE_EXTRA_CA_CERTS: replay.ca, LANG: 'en_US.UTF-8' },
    });
    started.push(nodeRed);
  });
  after(async () => {
    for (const each of started.reverse()) await each.stop();
  });

  it('every system answers with the values that the reference reads', async () => {
    nodeRed.send(ids.input, {});
    const readable = Object.entries(replay.sets).filter(([name]) => expectedOf(name).error === undefined);
    assert.ok(readable.length >= 24, 'there are fewer recorded systems than expected');
    const found: Record<string, string[]> = {};
    for (const [name, { address, serial }] of readable) {
      const { message } = await nodeRed.waitForMessage(
        ({ node, message: { payload } }) =>
          node === ids.data && (payload as { gateway: { host: string } }).gateway.host === address,
        { limit: 120_000 },
      );
      assert.equal(message['topic'], `envoy/${serial}`);
      const lines = await differences(expectedOf(name), message['payload'] as Record<string, unknown>);
      if (lines.length > 0) found[name] = lines;
    }
    assert.deepEqual(found, {});
  });

  it('3.7.0, which has nothing to read, says so at a Catch node', async () => {
    const { message } = await nodeRed.waitForMessage(({ node }) => node === ids.caught, { limit: 120_000 });
    const { code, message: text, source } = message['error'] as Record<string, unknown>;
    assert.equal(code, 'no_production_source');
    assert.match(String(text), /no readable production|offers no/i);
    assert.equal((source as { id: string }).id, readOf('3.7.0'));
  });

  it('nothing else failed, and one login served all the gateways of the account', async () => {
    const failures = nodeRed.messages.filter(({ node }) => node === ids.authentication || node === ids.caught);
    assert.equal(failures.length, 1, JSON.stringify(failures.map(({ message }) => message['error'])));
    const wanting = Object.values(replay.sets).filter(({ firmware }) => usesTokens(firmware)).length;
    const { logins, tokens } = await statisticsOf(replay);
    assert.deepEqual({ logins, tokens }, { logins: 1, tokens: wanting });
  });
});
