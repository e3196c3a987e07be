import assert from 'node:assert/strict';
import {
  fetchProtectedResource,
  ResponseBodyError,
  tokenRevocation,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { nodeListener, type NodeListener } from '../../../lib/proxy/http/node-listener.js';
import {
  meteringScope,
  startAuthorizationServer,
  type AuthorizationServer,
} from '../../support/proxy/authorization-server.js';
import { StandardDevice, type DeviceCodes } from '../../support/proxy/standard-device.js';
import { ProxyWorld, type Browser, type ChosenSettings, type ShownPage } from '../../support/proxy-world.js';
import { serve, type TestServer } from '../../support/server.js';

/** Devices are told to wait for a second, the shortest that there is: it passes in earnest. */
const hurried = { requestsPerMinute: 60 };

/** A proxy at an address that clients of the standard find it at, and a device in front of it. */
class Stage {
  readonly world: ProxyWorld;
  readonly device: StandardDevice;
  readonly browser: Browser;
  readonly #front: TestServer;

  private constructor(world: ProxyWorld, device: StandardDevice, front: TestServer) {
    this.world = world;
    this.device = device;
    this.browser = world.browser();
    this.#front = front;
  }

  static async open(settingsAt: (publicUrl: string) => Promise<ChosenSettings> = () => Promise.resolve({})) {
    let listener: NodeListener = (_message, reply) => reply.writeHead(503).end();
    const front = await serve((message, reply) => {
      listener(message, reply);
    });
    const publicUrl = front.url.origin;
    const settings = { publicUrl, limits: hurried, ...(await settingsAt(publicUrl)) };
    const world = await ProxyWorld.start({ settings });
    listener = nodeListener(world.first.proxy);
    return new Stage(world, await StandardDevice.discover(front.url), front);
  }

  /** Opens the address that the device shows. @returns where the form leads */
  async enter({ verification_uri_complete: address = '' }: DeviceCodes): Promise<string> {
    const { location } = await this.browser.submit(await this.browser.open(address));
    assert.ok(location);
    return location;
  }

  /** The browser comes back with what the consent page gave it. */
  async comeBack(callback: string): Promise<ShownPage> {
    return this.browser.follow(await this.browser.open(callback));
  }

  async close(): Promise<void> {
    await this.#front.close();
    await this.world.close();
  }
}

/** What the customer does in front of the page of the upstream server. */
interface Customer {
  consent(authorizeUrl: string): Promise<string>;
  refuse(authorizeUrl: string): Promise<string>;
}

async function refusalOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => assert.fail('a refusal was expected'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ResponseBodyError, String(error));
  return error.error;
}

/** What goes the same way in both modes. */
function suiteOfBothModes(stage: () => Stage, customer: () => Customer, scope?: string): void {
  it('code, page, consent, polls and tokens: the device goes on by itself', async () => {
    const { device } = stage();
    const codes = await device.begin(scope);
    const tokens = device.poll(codes);
    await device.told('authorization_pending');
    const page = await stage().comeBack(await customer().consent(await stage().enter(codes)));
    assert.equal(page.status, 200, page.text);
    const { access_token: access, refresh_token: refresh } = await tokens;
    assert.ok(access && refresh);
  });

  it('a refusal ends the polls with access_denied', async () => {
    const { device } = stage();
    const codes = await device.begin(scope);
    const refusal = refusalOf(device.poll(codes));
    const page = await stage().comeBack(await customer().refuse(await stage().enter(codes)));
    assert.equal(page.status, 400, page.text);
    assert.equal(await refusal, 'access_denied');
  });

  it('a code that nobody enters ends with expired_token', async () => {
    const { device, world } = stage();
    const codes = await device.begin(scope);
    const refusal = refusalOf(device.poll(codes));
    await device.told('authorization_pending');
    world.clock.advance({ seconds: codes.expires_in });
    assert.equal(await refusal, 'expired_token');
  });
}

describe('e2e: openid-client as the device, the simulated Enedis behind the proxy', () => {
  let stage: Stage;
  before(async () => (stage = await Stage.open()));
  after(() => stage.close());

  // Each consent is somebody else's: the page shows another one that there is a share already.
  const customers = ['consumption', 'activated'];
  const customer = (): Customer => ({
    consent: (authorizeUrl) => stage.world.enedis.consent({ authorizeUrl, customer: customers.pop() ?? '' }),
    refuse: (authorizeUrl) => stage.world.enedis.refuse({ authorizeUrl }),
  });

  suiteOfBothModes(() => stage, customer);

  function read(access: string, usagePoint: unknown): Promise<Response> {
    const url = new URL('/data/proxy/metering_data_dc/v5/daily_consumption', stage.world.settings.publicUrl);
    const query = { usage_point_id: String(usagePoint), start: '2026-11-10', end: '2026-11-12' };
    url.search = new URLSearchParams(query).toString();
    return fetchProtectedResource(stage.device.configuration, access, url, 'GET');
  }

  it('refreshes, reads with the new token, and takes its tokens back', async () => {
    const { device } = stage;
    const codes = await device.begin();
    await stage.comeBack(await customer().consent(await stage.enter(codes)));
    const first = await device.poll(codes);
    const second = await device.refresh(first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    const answer = await read(second.access_token, second['usage_points_id']);
    assert.equal(answer.status, 200, await answer.text());
    await tokenRevocation(device.configuration, String(second.refresh_token), { token_type_hint: 'refresh_token' });
    await assert.rejects(read(second.access_token, second['usage_points_id']), (error) => {
      assert.ok(error instanceof WWWAuthenticateChallengeError);
      assert.equal(error.status, 401);
      assert.equal(error.cause[0]?.parameters.error, 'invalid_token');
      return true;
    });
    assert.equal(await refusalOf(device.refresh(second.refresh_token)), 'invalid_grant');
  });
});

describe('e2e: openid-client as the device, oidc-provider behind the proxy', () => {
  let server: AuthorizationServer;
  let stage: Stage;
  before(async () => {
    server = await startAuthorizationServer();
    stage = await Stage.open(async (publicUrl) => {
      const redirectUri = `${publicUrl}/auth/redirect`;
      const unused = 'http://127.0.0.1:9';
      const endpoints = { ...server.endpoints, applicationToken: unused, data: unused };
      return {
        mode: 'authorization_code',
        pkce: true,
        redirectUri,
        endpoints,
        ...(await server.register(redirectUri)),
      };
    });
  });
  after(async () => {
    await stage.close();
    await server.close();
  });

  const customer = (): Customer => server;

  suiteOfBothModes(() => stage, customer, meteringScope);

  it('the tokens are those of the server behind; a refresh is its affair, its refusal too', async () => {
    const { device } = stage;
    const codes = await device.begin(meteringScope);
    await stage.comeBack(await customer().consent(await stage.enter(codes)));
    const first = await device.poll(codes);
    assert.equal(first.scope, meteringScope);
    assert.ok(await server.isActive(first.access_token));
    const second = await device.refresh(first.refresh_token);
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.ok(await server.isActive(second.access_token));
    // The server noticed that a used token came back: it ends all of them.
    assert.equal(await refusalOf(device.refresh(first.refresh_token)), 'invalid_grant');
    assert.ok(!(await server.isActive(second.access_token)));
    assert.equal(await refusalOf(device.refresh(second.refresh_token)), 'invalid_grant');
  });

  it('names no place to take tokens back: that is at the server behind', () => {
    assert.equal(stage.device.configuration.serverMetadata().revocation_endpoint, undefined);
  });
});
