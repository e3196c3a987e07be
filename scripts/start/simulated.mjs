import { closeAll } from './built.mjs';
import { startSimulatedEnedis } from './enedis.mjs';
import { gatewayVariables, namesGateway } from './gateway.mjs';
import { startSimulator } from './simulator.mjs';

/**
 * Starts what is simulated in the demo: a gateway, unless the environment names a real one, and Enedis. `variables` are
 * for Node-RED, `samples` the readings from before the start. Where something fails, nothing is left running.
 * @param nodeRed address of the Node-RED that reads them
 */
export async function startSimulated(userDirectory, nodeRed) {
  const running = [];
  try {
    const simulator = namesGateway(process.env) ? undefined : await startSimulator(userDirectory);
    if (simulator) running.push(simulator);
    const enedis = await startSimulatedEnedis(userDirectory, nodeRed);
    running.push(enedis);
    return {
      simulated: simulator !== undefined,
      samples: simulator?.samples,
      variables: { ...gatewayVariables(process.env, simulator?.variables), ...enedis.variables },
      close: () => closeAll(running),
    };
  } catch (error) {
    await closeAll(running);
    throw error;
  }
}
