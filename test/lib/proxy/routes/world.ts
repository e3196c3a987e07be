import { join } from 'node:path';
import { openEmbeddedStore, type EmbeddedStore } from '../../../../lib/store/records/embedded.js';
import { Records } from '../../../../lib/store/records/records.js';
import type { RecordStore } from '../../../../lib/store/records/store.js';
import type { EarlierTokens, ProxyContext, ProxyRecords } from '../../../../lib/proxy/context.js';
import type { ProxyEvent } from '../../../../lib/proxy/events.js';
import { createDispatcher } from '../../../../lib/proxy/http/dispatch.js';
import { consentId, hashed } from '../../../../lib/proxy/ids.js';
import { createLimits } from '../../../../lib/proxy/limits/store-limits.js';
import * as kinds from '../../../../lib/proxy/records/kinds.js';
import { approve, claim } from '../../../../lib/proxy/records/grants.js';
import { consentsRoutes } from '../../../../lib/proxy/routes/consents.js';
import { dataProxyRoutes } from '../../../../lib/proxy/routes/data-proxy.js';
import { deviceCodeRoutes } from '../../../../lib/proxy/routes/device-code.js';
import { deviceProxyRoutes } from '../../../../lib/proxy/routes/device-proxy.js';
import { healthRoutes } from '../../../../lib/proxy/routes/health.js';
import { metadataRoutes } from '../../../../lib/proxy/routes/metadata.js';
import { revokeRoutes } from '../../../../lib/proxy/routes/revoke.js';
import { deviceCodeGrant, tokenRoutes } from '../../../../lib/proxy/routes/token.js';
import { keepUsagePoints, places } from '../../../../lib/proxy/sealed.js';
import { createSecrets } from '../../../../lib/proxy/secrets.js';
import type {
  DataAnswer,
  DataRequest,
  Upstream,
  UpstreamTokenAnswer,
} from '../../../../lib/proxy/upstream/upstream.js';
import { freshDirectory } from '../../../support/directory.js';
import { proxyKeys, proxySettings, publicClient, type ChosenSettings } from '../../../support/proxy-settings.js';
import { fakeRequest } from '../http/request.js';

/** The usage point that consents in these tests are for. */
export const usagePoint = '12345678901234';

/** A Saturday in November, noon in Paris. */
const start = Date.parse('2026-11-21T11:00:00Z');

const routes = [
  ...consentsRoutes,
  ...dataProxyRoutes,
  ...deviceCodeRoutes,
  ...deviceProxyRoutes,
  ...healthRoutes,
  ...metadataRoutes,
  ...revokeRoutes,
  ...tokenRoutes,
];

/** An upstream server that answers what the test says, and keeps what it was asked. */
class ScriptedUpstream implements Upstream {
  readonly dataRequests: DataRequest[] = [];
  readonly tokenForms: Readonly<Record<string, string>>[] = [];
  dataAnswer: DataAnswer = { status: 200, body: '{"meter_reading":{}}', source: 'new', consentMissing: false };
  tokenAnswer: UpstreamTokenAnswer = { status: 200, body: { access_token: 'upstream' } };

  services(): Promise<[]> {
    return Promise.resolve([]);
  }

  token(form: Readonly<Record<string, string>>): Promise<UpstreamTokenAnswer> {
    this.tokenForms.push(form);
    return Promise.resolve(this.tokenAnswer);
  }

  data(request: DataRequest): Promise<DataAnswer> {
    this.dataRequests.push(request);
    return Promise.resolve(this.dataAnswer);
  }

  health(): { lastFailure: string } {
    return { lastFailure: 'timeout' };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What a test sees of an answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly text: string;
  /** The members of the JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a test says of a call besides its path. */
export interface Call {
  readonly form?: Readonly<Record<string, string>> | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly peer?: string;
  readonly method?: string;
}

function parsed(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body'];
  } catch {
    return {};
  }
}

function recordsOf(store: RecordStore, patience?: number): ProxyRecords {
  const options = { ...(patience !== undefined && { patience }) };
  return {
    deviceGrants: new Records(store, kinds.deviceGrants, options),
    userCodes: new Records(store, kinds.userCodes, options),
    authStates: new Records(store, kinds.authStates, options),
    consents: new Records(store, kinds.consents, options),
    tokenFamilies: new Records(store, kinds.tokenFamilies, options),
    refreshTokens: new Records(store, kinds.refreshTokens, options),
    accessTokens: new Records(store, kinds.accessTokens, options),
    rateBuckets: new Records(store, kinds.rateBuckets, options),
    applicationTokens: new Records(store, kinds.applicationTokens, options),
    cooldowns: new Records(store, kinds.cooldowns, options),
    auditEvents: new Records(store, kinds.auditEvents, options),
  };
}

/** What a test chooses of its world. */
export interface WorldOptions {
  readonly directory: string;
  readonly settings?: ChosenSettings;
  readonly earlier?: EarlierTokens;
  /** What the proxy gets in the place of the store. */
  readonly wrap?: (store: RecordStore) => RecordStore;
  /** How long a failing store is waited for, ms; as usual where absent. */
  readonly patience?: number;
}

/** The API of a proxy over a store in a directory, with a clock of its own. */
export class World {
  readonly context: ProxyContext;
  readonly upstream = new ScriptedUpstream();
  readonly events: ProxyEvent[] = [];
  readonly store: EmbeddedStore;
  now = start;

  readonly #options: WorldOptions;

  private constructor(store: EmbeddedStore, options: WorldOptions) {
    const { settings, earlier, patience } = options;
    this.store = store;
    this.#options = options;
    const seen = options.wrap?.(store) ?? store;
    const records = recordsOf(seen, patience);
    const now = (): number => this.now;
    this.context = {
      settings: proxySettings(settings),
      records,
      store: seen,
      secrets: createSecrets(proxyKeys),
      limits: createLimits(records.rateBuckets, now),
      upstream: this.upstream,
      events: (event) => this.events.push(event),
      ...(earlier && { earlier }),
      now,
    };
  }

  static async open(options: WorldOptions): Promise<World> {
    let now = (): number => start;
    const store = await openEmbeddedStore({
      directory: options.directory,
      now: () => now(),
    });
    const world = new World(store, options);
    now = () => world.now;
    return world;
  }

  /** A second instance over the same store, the same but for what the options say. */
  beside(options: Omit<WorldOptions, 'directory'> = {}): World {
    const other = new World(this.store, { ...this.#options, ...options });
    other.now = this.now;
    return other;
  }

  /** Sends a request the way a server does. */
  async call(target: string, { form, headers = {}, peer = '192.0.2.1', method }: Call = {}): Promise<Answer> {
    const [path = '', query = ''] = target.split('?');
    const body = form === undefined || typeof form === 'string' ? (form ?? '') : new URLSearchParams(form).toString();
    const answer = await createDispatcher(
      this.context,
      routes,
    )(
      fakeRequest({
        method: method ?? (form === undefined ? 'GET' : 'POST'),
        path,
        query,
        peer,
        headers: { ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }), ...headers },
        body,
      }),
    );
    return { status: answer.status, headers: answer.headers, text: answer.body, body: parsed(answer.body) };
  }

  /** A device code, as a device gets it. */
  async begin(): Promise<{ deviceCode: string; userCode: string }> {
    const { body } = await this.call('/device/code', { form: { client_id: publicClient } });
    return { deviceCode: String(body['device_code']), userCode: String(body['user_code']) };
  }

  /** Carries out what a callback does once Enedis named the usage points. */
  async consent(deviceCode: string, usagePoints: readonly string[] = [usagePoint], expiresAt?: number): Promise<void> {
    const { records, secrets } = this.context;
    const grant = hashed(secrets, 'device_code', deviceCode);
    const consents = usagePoints.map((point) => consentId(secrets, '42', point));
    for (const [place, point] of usagePoints.entries()) {
      await records.consents.create(consents[place] ?? '', {
        usagePointHash: hashed(secrets, 'usage_point', point),
        services: [],
        source: 'v2',
        grantedAt: this.now,
        live: true,
        denials: [],
        ...(expiresAt !== undefined && { expiresAt }),
      });
    }
    const kept = await keepUsagePoints(secrets, usagePoints, places.grantUsagePoints(grant));
    await records.deviceGrants.change(grant, (value) => claim(value, this.now));
    await records.deviceGrants.change(grant, (value) => approve(value, { usagePoints: kept, consents }, this.now));
  }

  /** Asks for tokens with a device code. */
  poll(deviceCode: string, others: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.call('/device/token', {
      form: { client_id: publicClient, grant_type: deviceCodeGrant, device_code: deviceCode, ...others },
    });
  }

  /** A whole dance; the answer with the tokens. */
  async dance(usagePoints: readonly string[] = [usagePoint]): Promise<{ access: string; refresh: string }> {
    const { deviceCode } = await this.begin();
    await this.consent(deviceCode, usagePoints);
    const { body } = await this.poll(deviceCode);
    return { access: String(body['access_token']), refresh: String(body['refresh_token']) };
  }

  refresh(refreshToken: string, others: Readonly<Record<string, string>> = {}, peer?: string): Promise<Answer> {
    return this.call('/device/token', {
      form: { client_id: publicClient, grant_type: 'refresh_token', refresh_token: refreshToken, ...others },
      ...(peer !== undefined && { peer }),
    });
  }

  /** Reads the daily consumption of a week. */
  read(accessToken: string, point: string = usagePoint): Promise<Answer> {
    return this.call(
      `/data/proxy/metering_data_dc/v5/daily_consumption?usage_point_id=${point}&start=2026-11-01&end=2026-11-08`,
      { headers: { authorization: `Bearer ${accessToken}` } },
    );
  }

  close(): Promise<void> {
    return this.store.close();
  }
}

/** Gives every test of the suite that calls this a way to open worlds; they are closed afterwards. */
export function worlds(): (options?: Omit<WorldOptions, 'directory'>) => Promise<World> {
  const open: World[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((world) => world.close()));
  });
  const directory = freshDirectory();
  return async (options = {}) => {
    const world = await World.open({ directory: join(directory(), String(open.length)), ...options });
    open.push(world);
    return world;
  };
}
