import { account, usesTokens } from './account.mjs';

/** A flow tries again and again before it gives up on a gateway: so many ms, and it is not going to answer. */
const answerLimit = 420_000;

/** A node without a place counts as a config node for Node-RED. */
const place = { z: 'tab', x: 100, y: 100 };

const idsOf = (index) => ({
  gateway: `gateway-${index}`,
  read: `read-${index}`,
  data: `data-${index}`,
  authentication: `authentication-${index}`,
  catch: `catch-${index}`,
  caught: `caught-${index}`,
});

/** The nodes for one gateway: read on input, all datasets, and something that hears each way out. */
function nodesOf({ host, cloud }, index, { gatewayNode, readNode, outputNode }) {
  const ids = idsOf(index);
  return [
    gatewayNode({ host, cloudUrl: cloud, tokenUrl: cloud }, ids.gateway),
    readNode({ gateway: ids.gateway, datasets: [], wires: [[ids.data], [ids.authentication]] }, ids.read),
    { id: ids.catch, type: 'catch', ...place, scope: [ids.read], uncaught: false, wires: [[ids.caught]] },
    ...[ids.data, ids.authentication, ids.caught].map(outputNode),
  ];
}

function flowOf({ gateways, cloud }, builders) {
  const reads = gateways.map((_, index) => idsOf(index).read);
  return [
    { id: 'tab', type: 'tab', label: 'Conformance' },
    { id: 'input', type: 'test-input', ...place, wires: [reads] },
    ...gateways.flatMap(({ host }, index) => nodesOf({ host, cloud }, index, builders)),
  ];
}

/** Below firmware 7 the node works the password out by itself. */
function credentialsOf({ gateways }) {
  const entries = gateways.map(({ firmware }, index) => [idsOf(index).gateway, usesTokens(firmware) ? account : {}]);
  return Object.fromEntries(entries);
}

function failureOf({ error, payload }) {
  const { code, message = 'it failed without a reason' } = error ?? payload ?? {};
  // A Catch node puts the name of the error in front of its text.
  const text = message.replace(/^\w*Error: /, '');
  return code === undefined ? text : `${code}: ${text}`;
}

async function answerOf(nodeRed, index) {
  const { data, authentication, caught } = idsOf(index);
  const wanted = [data, authentication, caught];
  try {
    const { node, message } = await nodeRed.waitForMessage(({ node }) => wanted.includes(node), { limit: answerLimit });
    return node === data ? { payload: message.payload } : { failure: failureOf(message) };
  } catch (error) {
    return { failure: error.message };
  }
}

/**
 * Reads all that the played gateways have by a flow of a real Node-RED, and gives what came of each, in their order:
 * `payload` or, in words, `failure`. To be called where TypeScript can be imported.
 */
export async function* readByFlow(played) {
  const [{ startNodeRed }, builders] = await Promise.all([
    import('../../test/support/node-red.js'),
    import('../../test/e2e/envoy/flow.js'),
  ]);
  const nodeRed = await startNodeRed({
    flows: flowOf(played, builders),
    credentials: credentialsOf(played),
    env: { NODE_EXTRA_CA_CERTS: played.ca, LANG: 'en_US.UTF-8', LC_ALL: undefined },
  });
  try {
    nodeRed.send('input', {});
    for (const [index, { name }] of played.gateways.entries()) yield { name, ...(await answerOf(nodeRed, index)) };
  } finally {
    await nodeRed.stop();
  }
}
