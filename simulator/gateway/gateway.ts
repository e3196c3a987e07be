import { createFaults } from '../shared/faults.js';
import { Listener } from '../shared/listener.js';
import { createRequestLog } from '../shared/request-log.js';
import { createTokenAuthority } from '../shared/tokens.js';
import { DigestGuard } from './digest.js';
import { createHandler } from './handler.js';
import type { GatewayParts } from './handler.js';
import { equipmentOf, storageOf } from './equipment.js';
import type { Identity } from './identity.js';
import { Installation } from './installation.js';
import { factoryPasswords } from './local-password.js';
import { RunningGateway, gatewayCertificate } from './running-gateway.js';
import { createBearerGuard } from './sessions.js';
import type { BearerGuard } from './sessions.js';
import { defaultSwitches } from './switches.js';
import type { GatewaySwitches } from './switches.js';
import type { GatewayOptions, SimulatedGateway } from './types.js';

function identityOf(options: GatewayOptions): Identity {
  const { metered = true, productionMeter = true, consumption = 'net', detailedInverters = false } = options;
  const { serial = '122600000042', firmware = '8.3.5169' } = options;
  const equipment = equipmentOf(options);
  const storageMeter = options.storageMeter ?? storageOf(equipment) !== undefined;
  return { serial, firmware, metered, productionMeter, consumption, detailedInverters, storageMeter, equipment };
}

/** The switches as the options have them; those about tokens reach through to their guard. */
function switchesOf(options: GatewayOptions, bearer: BearerGuard): GatewaySwitches {
  const { openPaths = ['/info', '/info.xml'], roleStatus = 401, plainHttp } = options;
  const { installerPaths = ['/stream/meter', '/ivp/peb/newscan', '/ivp/mod/603980032/mode/power'] } = options;
  return {
    ...defaultSwitches,
    installerWrites: [...(options.installerWrites ?? [])],
    stream: { interval: 1000, ...options.stream },
    openPaths: [...openPaths],
    installerPaths: [...installerPaths],
    roleStatus,
    plainHttp,
    get rejectTokens() {
      return bearer.rejectTokens;
    },
    set rejectTokens(value) {
      bearer.rejectTokens = value;
    },
    get rejectTokensIssuedBefore() {
      return bearer.rejectTokensIssuedBefore;
    },
    set rejectTokensIssuedBefore(value) {
      bearer.rejectTokensIssuedBefore = value;
    },
  };
}

/** Starts a gateway on a loopback address: one port for TLS and plain HTTP, so that a firmware may change under it. */
export async function startGateway(options: GatewayOptions = {}): Promise<SimulatedGateway> {
  const { host = '127.0.0.1', port = 0, tokenClock = Date.now } = options;
  const identity = identityOf(options);
  const authority = options.authority ?? options.cloud?.authority ?? (await createTokenAuthority());
  const passwords = { ...options.localPasswords };
  const bearer = createBearerGuard({ authority, serial: () => identity.serial, clock: tokenClock });
  const digest = new DigestGuard(
    () => ({ ...factoryPasswords(identity.serial), ...passwords }),
    tokenClock,
    options.digest,
  );
  const closing = new AbortController();
  const switches = switchesOf(options, bearer);
  const installation = new Installation(options, identity, switches);
  const parts: GatewayParts = {
    gate: { identity, switches, digest, bearer },
    installation,
    writeLog: { writes: [], crashes: [] },
    streams: new Set(),
    faults: createFaults(),
    log: createRequestLog(),
    closed: closing.signal,
    booting: false,
  };
  const certificate = options.certificate ?? (await gatewayCertificate(identity.serial, host));
  const listener = new Listener({ host, port, certificate, handler: createHandler(parts) });
  await listener.open();
  return new RunningGateway({ host, identity, passwords, authority, parts, listener, certificate, closing });
}
