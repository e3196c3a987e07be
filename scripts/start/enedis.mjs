import { join } from 'node:path';
import { address, built, startAtPort } from './built.mjs';
import { readKept, writeKept } from './kept-file.mjs';

/** Below the user directory of the demo. */
export const enedisFile = 'enedis.json';

/** Where the demo's proxy answers below Node-RED. */
export const proxyPath = '/enedis';

const application = { clientId: 'demo-client', clientSecret: 'demo-secret' };

/**
 * Starts the simulated Enedis in this process, on loopback. Its port, the consents given there and its tokens are kept in
 * the folder, so that devices go on reading after another start.
 * @param nodeRed address of the Node-RED that the proxy runs in
 */
export async function startSimulatedEnedis(folder, nodeRed) {
  const { startEnedis } = await built('index.js');
  const path = join(folder, enedisFile);
  let kept = readKept(path);
  const keep = (part) => writeKept(path, (kept = { ...kept, ...part }));
  const enedis = await startAtPort(kept.port ?? 0, (port) =>
    startEnedis({
      host: address,
      port,
      applications: [application],
      redirectUrl: `${nodeRed}${proxyPath}/auth/redirect`,
      kept,
      onChange: keep,
    }),
  );
  try {
    keep({ port: Number(new URL(enedis.url).port) });
  } catch (error) {
    await enedis.close();
    throw error;
  }
  const { authorization, applicationToken, data } = enedis.endpoints;
  return {
    variables: {
      ENEDIS_AUTHORIZATION_ENDPOINT: authorization,
      ENEDIS_TOKEN_ENDPOINT: applicationToken,
      ENEDIS_DATA_ENDPOINT: data,
      ENEDIS_PROXY: `${nodeRed}${proxyPath}`,
      ENEDIS_CLIENT_ID: application.clientId,
      ENEDIS_CLIENT_SECRET: application.clientSecret,
    },
    close: () => enedis.close(),
  };
}
