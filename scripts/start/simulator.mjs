import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../prepare.mjs';

const account = { email: 'demo@example.com', password: 'demo-password' };

/** The house of the demo; the sun stands at 13:00 there when it starts, so that there is something to see. */
const house = { seed: 1, latitude: 46, longitude: 4.8, timeZone: 'Europe/Paris', inverters: 14, phases: 1 };
const startAt = 13;
const commissionedAt = Date.UTC(2026, 0, 1);

function built(path) {
  return import(pathToFileURL(join(root, 'dist/simulator', path)).href);
}

/** What the gateway would have shown since midnight, every five minutes: the chart then begins with the day. */
async function samplesOfToday(now) {
  const { createPlant } = await built('model/plant.js');
  const { shiftToHour } = await built('model/clock.js');
  const plant = createPlant({ ...house, commissionedAt });
  const shift = shiftToHour(plant.calendar, now, startAt);
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

/** Starts the simulated gateway and its Enlighten in this process, on loopback. */
export async function startSimulator() {
  const { startCloud, startGateway } = await built('index.js');
  const serial = '122600000042';
  const cloud = await startCloud({ tls: false, accounts: [{ ...account, serials: [serial] }] });
  const gateway = await startGateway({
    ...house,
    commissionedAt,
    startAt,
    serial,
    firmware: '8.3.5169',
    metered: true,
    detailedInverters: true,
    cloud,
  });
  return {
    samples: await samplesOfToday(Date.now()),
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
