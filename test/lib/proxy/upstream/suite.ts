import type { ProxySettings } from '../../../../lib/proxy/settings/settings.js';
import type { UpstreamOptions } from '../../../../lib/proxy/upstream/create.js';
import type { DataRequest, Upstream } from '../../../../lib/proxy/upstream/upstream.js';
import { openEmbeddedStore, type EmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type Gateway } from './gateway.js';
import { Instances, settingsFor } from './instances.js';

/** What a suite of tests against an odd gateway works with. */
export interface GatewaySuite {
  readonly gateway: Gateway;
  readonly instances: Instances;
  start(settings?: Partial<ProxySettings>, options?: Partial<UpstreamOptions>): Upstream;
}

/** Gives the suite that calls this one store, and every test of it instances of its own. */
export function withInstances(): () => Instances {
  let store: EmbeddedStore;
  let directory: string;
  let instances: Instances;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'energy-nodes-'));
    store = await openEmbeddedStore({ directory });
  });
  after(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    instances = new Instances(store);
  });
  afterEach(() => instances.close());
  return () => instances;
}

/** As `withInstances`, with a gateway for every test. */
export function withGateway(): GatewaySuite {
  const instances = withInstances();
  let gateway: Gateway;
  beforeEach(async () => {
    gateway = await startGateway();
  });
  afterEach(() => gateway.close());
  return {
    get gateway() {
      return gateway;
    },
    get instances() {
      return instances();
    },
    start: (settings, options) => instances().start(settingsFor(gateway.url, settings), options),
  };
}

/** Daily consumption of a week of nobody's usage point. */
export const week: DataRequest = {
  path: 'metering_data_dc/v5/daily_consumption',
  usagePoint: '01234567890123',
  start: '2026-11-01',
  end: '2026-11-08',
};

/** The answer of 2026 to it. */
export const weekOf2026 = {
  idPrm: week.usagePoint,
  etapeMetier: 'BRUT',
  periode: { dateDebut: week.start, dateFin: week.end },
  grandeur: [{ grandeurMetier: 'CONS', grandeurPhysique: 'EA', unite: 'Wh', points: [{ v: '9876', d: '2026-11-01' }] }],
};

/** And that of v5. */
export const weekOfV5 = {
  meter_reading: {
    usage_point_id: week.usagePoint,
    start: week.start,
    end: week.end,
    quality: 'BRUT',
    reading_type: { unit: 'Wh', measurement_kind: 'energy', aggregate: 'sum', measuring_period: 'P1D' },
    interval_reading: [{ value: '9876', date: '2026-11-01' }],
  },
};
