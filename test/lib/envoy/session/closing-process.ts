import { setImmediate } from 'node:timers/promises';
import type { GatewayMemory } from '../../../../lib/envoy/memory.js';
import { GatewaySession } from '../../../../lib/envoy/session.js';
import { gatewaySettings } from '../../../../lib/envoy/settings.js';
import { keptInMemory } from '../../../../lib/store/sealed-file.js';
import { outcomeOf } from '../../../support/session.js';
import { sent } from '../../../support/wire.js';

/*
 * A process of its own that opens sessions with the gateways named by its arguments and closes them at awkward moments.
 * It has to end by itself. Prints one line: the outcomes, and the sockets and timers that were left.
 */

const [idle = '', hanging = '', resetting = '', token = ''] = process.argv.slice(2);

function open(host: string): GatewaySession {
  return new GatewaySession({
    settings: gatewaySettings({ host, tls: 'verify' }),
    credentials: () => ({ token }),
    memory: keptInMemory<GatewayMemory>(),
    obtainToken: () => Promise.reject(new Error('There is no account to fetch a token with.')),
    startedByPerson: false,
  });
}

function read(session: GatewaySession): Promise<string> {
  return outcomeOf(session.read({ datasets: [], raw: false }));
}

/** Reads twice at once, closes after `moment`, reads again. */
async function closedAt(host: string, moment: () => Promise<unknown>): Promise<string[]> {
  const session = open(host);
  const meanwhile = moment();
  const readings = [read(session), read(session)];
  await meanwhile;
  await session.close();
  return [...(await Promise.all(readings)), await read(session)];
}

const kept = open(idle);
const outcomes = {
  read: await read(kept),
  opening: await closedAt(idle, () => Promise.resolve()),
  hanging: await closedAt(hanging, () => sent('/production.json')),
  retrying: await closedAt(resetting, () => sent('/ivp/meters')),
};
await kept.close();
await setImmediate();
const left = process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout/.test(name));
process.stdout.write(`${JSON.stringify({ ...outcomes, left })}\n`);
