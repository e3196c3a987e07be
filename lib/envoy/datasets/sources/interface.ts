import { replyIfThere } from '../failures.js';
import { interfaceInformation } from '../interpret/interface.js';
import type { Parts, Source, SourceContext } from '../types.js';

const path = '/home';

async function read(context: SourceContext): Promise<Parts> {
  const found = interfaceInformation(await replyIfThere(context, path));
  return found ? { interface: found } : {};
}

/**
 * How the gateway is connected, and its time zone (spec 4.14). It takes the gateway up to ten seconds, so that it is
 * not probed, and should be read once only.
 */
export const interfaceSource: Source = {
  name: 'interface',
  datasets: ['interface'],
  refresh: 'static',
  probe: (_context, facts) => Promise.resolve(facts),
  read,
};
