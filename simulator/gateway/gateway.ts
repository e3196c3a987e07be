import { createPlant } from '../model/plant.js';
import { fastClock, shiftToHour } from '../model/clock.js';
import { createFaults } from '../shared/faults.js';
import { Listener } from '../shared/listener.js';
import { createRequestLog } from '../shared/request-log.js';
import { createTokenAuthority } from '../shared/tokens.js';
import { DigestGuard } from './digest.js';
import { createHandler } from './handler.js';
import type { GatewayParts } from './handler.js';
import type { Identity, View } from './identity.js';
import { factoryPasswords } from './local-password.js';
import { RunningGateway, gatewayCertificate } from './running-gateway.js';
import { createBearerGuard } from './sessions.js';
import type { BearerGuard } from './sessions.js';
import type { GatewayOptions, GatewaySwitches, SimulatedGateway } from './types.js';

const defaultCommissioning = Date.UTC(2026, 0, 1);

function identityOf(options: GatewayOptions): Identity {
  const { metered = true, productionMeter = true, consumption = 'net', detailedInverters = false } = options;
  const { serial = '122600000042', firmware = '8.3.5169' } = options;
  return { serial, firmware, metered, productionMeter, consumption, detailedInverters };
}

/** What makes the view of the moment; with `startAt` the plant's time runs ahead of the one that is told. */
function viewer(options: GatewayOptions, identity: Identity): () => View {
  const { clock = options.timeScale === undefined ? Date.now : fastClock(options.timeScale) } = options;
  const plant = createPlant({
    seed: options.seed ?? 1,
    latitude: options.latitude ?? 46,
    longitude: options.longitude ?? 4.8,
    timeZone: options.timeZone ?? 'Europe/Paris',
    inverters: options.inverters ?? 12,
    phases: options.phases ?? 1,
    commissionedAt: options.commissionedAt ?? defaultCommissioning,
  });
  const shift = options.startAt === undefined ? 0 : shiftToHour(plant.calendar, clock(), options.startAt);
  const seconds = (plantTime: number): number => Math.floor((plantTime - shift) / 1000);
  return () => ({ identity, plant, time: clock() + shift, seconds });
}

/** The switches as the options have them; those about tokens reach through to their guard. */
function switchesOf(options: GatewayOptions, bearer: BearerGuard): GatewaySwitches {
  const { openPaths = ['/info', '/info.xml'], roleStatus = 401, plainHttp } = options;
  const { installerPaths = ['/stream/meter', '/ivp/peb/newscan'] } = options;
  return {
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
  const parts: GatewayParts = {
    gate: { identity, switches: switchesOf(options, bearer), digest, bearer },
    view: viewer(options, identity),
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
