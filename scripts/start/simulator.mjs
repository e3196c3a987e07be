import { withMemory } from './authority.mjs';
import { address, built, closeAll, startAtPort } from './built.mjs';
import { openScene } from './scene.mjs';

const account = { email: 'demo@example.com', password: 'demo-password' };

/** The house of the demo. */
const house = { seed: 1, latitude: 46, longitude: 4.8, timeZone: 'Europe/Paris', inverters: 14, phases: 1 };
const equipment = { batteries: { count: 2, capacityWh: 5000 }, systemController: true };
const commissionedAt = Date.UTC(2026, 0, 1);

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

async function openKeptScene(folder, now) {
  const { createCalendar } = await built('model/calendar.js');
  const { shiftToHour } = await built('model/clock.js');
  return openScene(folder, { calendar: createCalendar(house.timeZone), now, shiftToHour });
}

/** A certificate and a memory of tokens, of the last start or new ones. */
async function keptIdentity(scene) {
  const { createCertificate, createTokenAuthority } = await built('index.js');
  const { tokens = [], certificate: known } = scene.value;
  const serial = String(scene.value.serial);
  const certificate =
    known ?? (await createCertificate({ commonName: serial, names: ['localhost'], addresses: [address] }));
  const authority = withMemory(await createTokenAuthority(), tokens, (issued) => scene.change({ tokens: issued }));
  return { serial, certificate, authority };
}

/** Starts the cloud and the gateway; what was started is in `running`, even where the rest fails. */
async function startBoth(scene, running) {
  const { startCloud, startGateway } = await built('index.js');
  const { cloudPort = 0, gatewayPort = 0 } = scene.value;
  const { serial, certificate, authority } = await keptIdentity(scene);
  const cloud = await startAtPort(cloudPort, (port) =>
    startCloud({ host: address, port, tls: false, accounts: [{ ...account, serials: [serial] }], authority }),
  );
  running.push(cloud);
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
  running.push(gateway);
  scene.change({ certificate, gatewayPort: gateway.port, cloudPort: Number(new URL(cloud.url).port) });
  return { cloud, gateway };
}

/**
 * Starts the simulated gateway and its Enlighten in this process, on loopback. What they have to be again at the next
 * start is kept in the folder. Where something fails, nothing is left running.
 */
export async function startSimulator(folder) {
  const now = Date.now();
  const scene = await openKeptScene(folder, now);
  const running = [];
  try {
    const { cloud, gateway } = await startBoth(scene, running);
    return {
      samples: await samplesOfToday(now, scene.value.shift),
      variables: {
        ENVOY_HOST: `${gateway.host}:${gateway.port}`,
        ENVOY_USERNAME: account.email,
        ENVOY_PASSWORD: account.password,
        ENVOY_CLOUD_URL: cloud.url,
        ENVOY_TOKEN_URL: cloud.url,
      },
      close: () => closeAll(running),
    };
  } catch (error) {
    await closeAll(running);
    throw error;
  }
}
