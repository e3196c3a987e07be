import { systemController } from '../datasets/interpret/system-controller.js';
import { oneOf } from './checks.js';
import type { CommandDefinition, Observation } from './definition.js';
import { gridRequest, paths } from './requests.js';
import type { OnOff } from './types.js';

/** What the inventory shows of the relay: its actual state counts, not the wanted one. */
function observe(reply: unknown, wanted: OnOff): Observation {
  const found = systemController(reply, paths.ensembleInventory);
  if (!found) return { state: {}, confirmed: false };
  const actual = found.mainsOperState === 'close' ? 'closed' : found.mainsOperState;
  return { state: { systemController: found }, confirmed: actual === (wanted === 'on' ? 'closed' : 'open') };
}

/** Connects the house with the grid or leaves it, by the relay of the system controller (spec 5.1). */
export const grid: CommandDefinition<OnOff> = {
  requirements: { features: ['systemController'] },
  parse: (payload) => oneOf(['on', 'off'])(payload, 'grid'),
  plan: (_context, wanted) =>
    Promise.resolve({
      request: gridRequest(wanted),
      readBack: { path: paths.ensembleInventory, observe: (reply) => observe(reply, wanted) },
    }),
};
