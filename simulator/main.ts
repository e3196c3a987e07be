import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { parseBundle } from '../lib/envoy/diagnostics/bundle.js';
import { startCloud, startEnedis, startGateway, startReplay } from './index.js';
import type { ReplayedGateway, SimulatedCloud, SimulatedGateway } from './index.js';

/**
 * Starts a gateway, its cloud and an Enedis for the demo and prints one line of JSON with their addresses, the demo's
 * account at the cloud and its application at Enedis.
 * `--replay FILE` plays a diagnostics bundle as the gateway. SIGTERM and SIGINT stop it.
 */
const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    'gateway-port': { type: 'string', default: '0' },
    'cloud-port': { type: 'string', default: '0' },
    'cloud-tls': { type: 'boolean', default: false },
    'enedis-port': { type: 'string', default: '0' },
    'enedis-tls': { type: 'boolean', default: false },
    'enedis-redirect-url': { type: 'string' },
    serial: { type: 'string', default: '122600000042' },
    firmware: { type: 'string', default: '8.3.5169' },
    inverters: { type: 'string', default: '12' },
    phases: { type: 'string', default: '1' },
    batteries: { type: 'string', default: '0' },
    'battery-capacity': { type: 'string', default: '5000' },
    'battery-groups': { type: 'string', default: '1' },
    'ac-batteries': { type: 'string', default: '0' },
    'system-controller': { type: 'boolean', default: false },
    generator: { type: 'boolean', default: false },
    collar: { type: 'boolean', default: false },
    combiner: { type: 'boolean', default: false },
    'time-zone': { type: 'string', default: 'Europe/Paris' },
    standard: { type: 'boolean', default: false },
    'detailed-inverters': { type: 'boolean', default: true },
    'start-at': { type: 'string', default: '13' },
    'real-sun': { type: 'boolean', default: false },
    'time-scale': { type: 'string' },
    replay: { type: 'string' },
  },
});

const account = { email: 'demo@example.com', password: 'demo-password' };
const { host } = values;
const port = Number(values['gateway-port']);

function simulated(cloud: SimulatedCloud): Promise<SimulatedGateway> {
  const { serial, firmware } = values;
  const phases = ([1, 2, 3] as const).find((count) => String(count) === values.phases) ?? 1;
  const batteries = Number(values.batteries);
  return startGateway({
    host,
    port,
    serial,
    firmware,
    metered: !values.standard,
    inverters: Number(values.inverters),
    phases,
    detailedInverters: values['detailed-inverters'],
    ...(batteries > 0 && {
      batteries: {
        count: batteries,
        capacityWh: Number(values['battery-capacity']),
        groups: Number(values['battery-groups']),
      },
    }),
    acBatteries: Number(values['ac-batteries']),
    ...(values['system-controller'] && { systemController: true }),
    generator: values.generator,
    collar: values.collar,
    combiner: values.combiner,
    timeZone: values['time-zone'],
    cloud,
    ...(!values['real-sun'] && { startAt: Number(values['start-at']) }),
    ...(values['time-scale'] !== undefined && { timeScale: Number(values['time-scale']) }),
  });
}

async function replayed(cloud: SimulatedCloud, file: string): Promise<ReplayedGateway> {
  return startReplay(parseBundle(await readFile(file, 'utf8')), { host, port, cloud });
}

const cloud = await startCloud({ host, port: Number(values['cloud-port']), tls: values['cloud-tls'] });
const gateway = await (values.replay === undefined ? simulated(cloud) : replayed(cloud, values.replay));
const { serial, firmware } = gateway;
cloud.addAccount({ ...account, serials: [serial] });

const redirectUrl = values['enedis-redirect-url'];
const enedis = await startEnedis({
  host,
  port: Number(values['enedis-port']),
  tls: values['enedis-tls'],
  ...(redirectUrl !== undefined && { redirectUrl }),
});

const stop = (): void => {
  void Promise.all([gateway.close(), cloud.close(), enedis.close()]);
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

console.log(
  JSON.stringify({
    gateway: {
      url: gateway.url,
      host: `${gateway.host}:${gateway.port}`,
      serial,
      firmware,
      fingerprint: gateway.fingerprint,
    },
    cloud: { url: cloud.url, ca: cloud.ca },
    account: { username: account.email, password: account.password },
    enedis: {
      url: enedis.url,
      ca: enedis.ca,
      endpoints: enedis.endpoints,
      clientId: enedis.application.clientId,
      clientSecret: enedis.application.clientSecret,
    },
  }),
);
