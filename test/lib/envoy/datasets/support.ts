import { EnergyError } from '../../../../lib/errors.js';
import type { GatewayInfo } from '../../../../lib/envoy/info.js';
import type { DatasetWarning, SourceContext } from '../../../../lib/envoy/datasets/types.js';

/** Replies of a gateway by path; an error is thrown, and a path that is not named answers 404. */
export type Replies = Readonly<Record<string, unknown>>;

export const paths = {
  meters: '/ivp/meters',
  readings: '/ivp/meters/readings',
  details: '/production.json?details=1',
  production: '/production',
  v1: '/api/v1/production',
  deviceData: '/ivp/pdm/device_data',
  inverters: '/api/v1/production/inverters',
} as const;

export const failure = {
  missing: new EnergyError('http_status', 'The gateway answered 404.', { parameters: { status: 404 } }),
  page: new EnergyError('reply_invalid', 'The reply is no JSON.'),
  refused: new EnergyError('role_insufficient', 'This path needs another role.'),
  rejected: new EnergyError('credentials_rejected', 'The gateway rejected the password.'),
  unreachable: new EnergyError('gateway_unreachable', 'No connection.'),
  timeout: new EnergyError('gateway_timeout', 'No answer in time.'),
  busy: new EnergyError('gateway_busy', 'The gateway answered 503.'),
  closed: new EnergyError('closed', 'The session was closed.'),
  expired: new EnergyError('token_expired', 'The token ended.'),
  certificate: new EnergyError('certificate_changed', 'Another certificate.'),
};

export interface Bench {
  readonly context: SourceContext;
  readonly warnings: DatasetWarning[];
  readonly asked: string[];
}

export function gatewayInfo(firmware: string, metered: boolean): GatewayInfo {
  return { serial: '122333444555', firmware, metered, tokens: Number.parseInt(firmware) >= 7 };
}

/** A gateway that answers with `replies`, with what was asked of it and the warnings given. */
export function bench(info: GatewayInfo, replies: Replies): Bench {
  const warnings: DatasetWarning[] = [];
  const asked: string[] = [];
  const endpoints = (path: string): Promise<unknown> => {
    asked.push(path);
    const reply = path in replies ? replies[path] : failure.missing;
    return reply instanceof Error ? Promise.reject(reply) : Promise.resolve(structuredClone(reply));
  };
  return { context: { info, endpoints, warn: (warning) => warnings.push(warning) }, warnings, asked };
}

/** Four figures of an entry: watts now, then Wh today, of the seven days and of the whole life. */
export type Figures = readonly [now: number, today: number, week: number, lifetime: number];

export const figures = ([wNow, whToday, whLastSevenDays, whLifetime]: Figures): Record<string, number> => ({
  wNow,
  whToday,
  whLastSevenDays,
  whLifetime,
});

export const totals = ([wattsNow, wattHoursToday, wattHoursLast7Days, wattHoursLifetime]: Figures): object => ({
  wattsNow,
  wattHoursToday,
  wattHoursLast7Days,
  wattHoursLifetime,
});

export const eim = (active: number, values: Figures, lines?: readonly Figures[]): object => ({
  type: 'eim',
  activeCount: active,
  measurementType: 'production',
  ...figures(values),
  ...(lines && { lines: lines.map(figures) }),
});

export const inverterSum = (active: number, now: number, lifetime: number): object => ({
  type: 'inverters',
  activeCount: active,
  readingTime: 1751000000,
  wNow: now,
  whLifetime: lifetime,
});

export const used = (kind: 'total' | 'net', values: Figures, lines?: readonly Figures[]): object => ({
  ...eim(1, values, lines),
  measurementType: `${kind}-consumption`,
});

export const v1 = ([wattsNow, wattHoursToday, wattHoursSevenDays, wattHoursLifetime]: Figures): object => ({
  wattsNow,
  wattHoursToday,
  wattHoursSevenDays,
  wattHoursLifetime,
});

export const ct = (eid: number, measurementType: string, phaseCount = 1, more: object = {}): object => ({
  eid,
  state: 'enabled',
  measurementType,
  phaseMode: phaseCount === 2 ? 'split' : 'three',
  phaseCount,
  meteringStatus: 'normal',
  statusFlags: [],
  ...more,
});

export const reading = (eid: number, power: number, delivered: number, received: number): Record<string, unknown> => ({
  eid,
  timestamp: 1751000000,
  actEnergyDlvd: delivered,
  actEnergyRcvd: received,
  activePower: power,
  pwrFactor: 0.98,
  voltage: 231.25,
  current: 4.125,
  freq: 50,
});

export const pcu = (sn: string, more: object = {}, reading: object = {}): object => ({
  devName: 'pcu',
  sn,
  active: true,
  modGone: false,
  channels: [
    {
      wattHours: { today: 812, yesterday: 1500, week: 9000 },
      watts: { now: 190, nowUsed: 0, max: 340 },
      lifetime: { joulesProduced: 3_600_900, duration: 90_000 },
      lastReading: {
        endDate: 1751000100,
        duration: 900,
        joulesProduced: 171_000,
        acVoltageINmV: 230500,
        acFrequencyINmHz: 49990,
        dcVoltageINmV: 33125,
        dcCurrentINmA: 5800,
        channelTemp: 41,
        acCurrentInmA: 825,
        ...reading,
      },
    },
  ],
  ...more,
});

export const deviceData = (devices: readonly object[], count = devices.length, limit = 50): object => ({
  ...Object.fromEntries(devices.map((device, index) => [`${553648384 + index * 256}`, device])),
  deviceCount: count,
  deviceDataLimit: limit,
});

export const listed = (serialNumber: string, watts: number, more: object = {}): object => ({
  serialNumber,
  lastReportDate: 1751000200,
  lastReportWatts: watts,
  maxReportWatts: 300,
  ...more,
});
