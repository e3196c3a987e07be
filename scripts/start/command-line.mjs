import * as util from 'node:util';
import { Problem } from '../prepare.mjs';

/** The options of the demo, the same for all commands that run it. @throws Problem with the help */
export function demoOptions(help) {
  try {
    const flags = { reset: { type: 'boolean' }, verbose: { type: 'boolean' }, help: { type: 'boolean' } };
    return util.parseArgs({ options: flags }).values;
  } catch (error) {
    throw new Problem(`${error.message}\n\n${help}`);
  }
}

/** The port that PORT names. @throws Problem where it is none */
export function portOf(text = '1880') {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Problem(`PORT must be a number from 1 to 65535, not "${text}".`);
}
