import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../prepare.mjs';
import { withMemory } from './authority.mjs';
import { openScene } from './scene.mjs';

const address = '127.0.0.1';
const account = { email: 'demo@example.com', password: 'demo-password' };

/** The house of the demo. */
const house = { seed: 1, latitude: 46, longitude: 4.8, timeZone: 'Europe/Paris', inverters: 14, phases: 1 };
const equipment = { batteries: { count: 2, capacityWh: 5000 }, systemController: true };
const commissionedAt = Date.UTC(2026, 0, 1);

function built(path) {
  return import(pathToFileURL(join(root, 'dist/simulator', path)).href);
}

/** What the gateway would have shown since midnight, every five minutes: the chart then begins with the day. */
async function samplesOfToday(now, shift) {
  const { createPlant } = await built('model/plant.js');
  const plant = createPlant({ ...house, commissionedAt });
  const step = 5 * 60_000;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const times = Array.from({ length: Math.floor((now - midnight) / step) }, (_, index) => midnight + index * step);
  return times.map((at) => ({
    at,
    count: 30,
    production: Math.max(0, plant.production(at + shift).total.watts),
    consumption: plant.house(at + shift).total.watts,
  }));
}

/** Starts at the port of the last time, or at any other one where somebody else has taken it since. */
async function startAtPort(port, start) {
  try {
    return await start(port);
  } catch (error) {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    return start(0);
  }
}

async function openKeptScene(folder, now) {
  const { createCalendar } = await built('model/calendar.js');
  const { shiftToHour } = await built('model/clock.js');
  return openScene(folder, { calendar: createCalendar(house.timeZone), now, shiftToHour });
}

/**
 * Starts the simulated gateway and its Enlighten in this process, on loopback. What they have to be again at the next
 * start is kept in the folder.
 */
export async function startSimulator(folder) {
  const { createCertificate, createTokenAuthority, startCloud, startGateway } = await built('index.js');
  const now = Date.now();
  const scene = await openKeptScene(folder, now);
  const { shift, tokens = [], cloudPort = 0, gatewayPort = 0 } = scene.value;
  const serial = String(scene.value.serial);
  const certificate =
    scene.value.certificate ??
    (await createCertificate({ commonName: serial, names: ['localhost'], addresses: [address] }));
  const authority = withMemory(await createTokenAuthority(), tokens, (issued) => scene.change({ tokens: issued }));
  const cloud = await startAtPort(cloudPort, (port) =>
    startCloud({ host: address, port, tls: false, accounts: [{ ...account, serials: [serial] }], authority }),
  );
  const gateway = await startAtPort(gatewayPort, (port) =>
    startGateway({
      ...house,
      ...equipment,
      commissionedAt,
      startAt: scene.startAt,
      host: address,
      port,
      serial,
      certificate,
      firmware: '8.3.5169',
      metered: true,
      detailedInverters: true,
      cloud,
    }),
  );
  scene.change({ certificate, gatewayPort: gateway.port, cloudPort: Number(new URL(cloud.url).port) });
  return {
    samples: await samplesOfToday(now, shift),
    variables: {
      ENVOY_HOST: `${gateway.host}:${gateway.port}`,
      ENVOY_USERNAME: account.email,
      ENVOY_PASSWORD: account.password,
      ENVOY_CLOUD_URL: cloud.url,
      ENVOY_TOKEN_URL: cloud.url,
    },
    close: () => Promise.all([gateway.close(), cloud.close()]),
  };
}
