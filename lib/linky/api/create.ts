import { createConsoApi } from './conso.js';
import type { MeterApi } from './meter-api.js';
import { createMyElectricalDataApi } from './myelectricaldata.js';
import { createProxyApi } from './proxy.js';

const makers: Readonly<Record<MeterApi['name'], (base: string, now: () => number) => MeterApi>> = {
  proxy: createProxyApi,
  conso: createConsoApi,
  myelectricaldata: createMyElectricalDataApi,
};

/** Where the data are at a server, unless it is set otherwise (design 3.4, spec/device-flow 6). No slash at the end. */
export function usualDataEndpoint(name: MeterApi['name'], server: string): string {
  const base = server.replace(/\/+$/, '');
  if (name === 'proxy') return `${base}/data/proxy`;
  return name === 'conso' && !base.endsWith('/api') ? `${base}/api` : base;
}

/**
 * The data of a server behind one face.
 * @param dataEndpoint base URL, see `usualDataEndpoint`
 * @param now ms since the epoch
 */
export function createMeterApi(name: MeterApi['name'], dataEndpoint: string, now: () => number = Date.now): MeterApi {
  return makers[name](dataEndpoint, now);
}
