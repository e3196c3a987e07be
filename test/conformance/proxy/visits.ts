import assert from 'node:assert/strict';
import { startOAuthServer, type OAuthServer } from '../../support/oauth-server.js';
import {
  publicClient,
  type Browser,
  type ChosenSettings,
  type ProxyWorld,
  type ShownPage,
  type WireAnswer,
} from '../../support/proxy-world.js';

/** A browser that stands before the consent page. */
export interface Visit {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly browser: Browser;
  readonly authorizeUrl: string;
  readonly state: string;
}

/** Quotas that tests under a clock which stands still do not meet by chance. */
export const generous = { upstreamPerSecond: 10_000, upstreamPerHour: 1_000_000 };

/** A new browser that reads English, at an address of its own. */
export function englishBrowser(world: ProxyWorld): Browser {
  return world.first.browser({ ...world.newAddress(), 'accept-language': 'en' });
}

/** Opens the form, sends the code as it is typed. */
export async function type(browser: Browser, code: string): Promise<ShownPage> {
  return browser.submit(await browser.open('/device'), { code });
}

/** The address of the consent page that a page leads to, taken apart. */
export function consentPage({ status, location, text }: ShownPage): URL {
  assert.ok(status === 303 || status === 302, `${status} ${text}`);
  return new URL(location ?? '');
}

/** Asks for a code and enters it. `asked`: further members of the device's request. */
export async function startVisit(world: ProxyWorld, asked: Readonly<Record<string, string>> = {}): Promise<Visit> {
  const answer = await world.form('/device/code', { client_id: publicClient, ...asked }, world.newAddress());
  const { device_code: deviceCode, user_code: userCode } = answer.json as Record<string, string>;
  assert.ok(deviceCode !== undefined && userCode !== undefined, answer.text);
  const browser = englishBrowser(world);
  const url = consentPage(await type(browser, userCode));
  return { deviceCode, userCode, browser, authorizeUrl: url.href, state: url.searchParams.get('state') ?? '' };
}

/** Comes back from the consent page with these parameters. */
export function comeBack(
  { browser, state }: Pick<Visit, 'browser' | 'state'>,
  parameters: Readonly<Record<string, string>>,
): Promise<ShownPage> {
  return browser.open(`/auth/redirect?${new URLSearchParams({ state, ...parameters }).toString()}`);
}

/** Asserts that a page has this status and says this. */
export function shows({ status, text }: Pick<ShownPage, 'status' | 'text'>, expected: number, words: RegExp): void {
  assert.equal(status, expected, text);
  assert.match(text, words);
}

/** Follows a page to the one that confirms the consent. */
export async function confirmed(browser: Browser, page: ShownPage): Promise<ShownPage> {
  const last = await browser.follow(page);
  shows(last, 200, /Your consent is recorded/);
  return last;
}

/** Polls so late that the device is never too fast. */
export function pollLater(world: ProxyWorld, { deviceCode }: Pick<Visit, 'deviceCode'>): Promise<WireAnswer> {
  world.clock.advance({ seconds: 31 });
  return world.poll(deviceCode);
}

/** The error that the device is told. */
export async function pollError(world: ProxyWorld, visit: Pick<Visit, 'deviceCode'>): Promise<unknown> {
  const { status, json } = await pollLater(world, visit);
  assert.equal(status, 400);
  return json['error'];
}

/** The usage points that the device gets tokens for. */
export async function grantedPoints(world: ProxyWorld, visit: Pick<Visit, 'deviceCode'>): Promise<readonly string[]> {
  return world.tokens(await pollLater(world, visit)).usagePoints;
}

/** Settings of a proxy in the authorization-code mode before an OAuth server. */
export function codeModeSettings(oauth: OAuthServer, chosen: ChosenSettings = {}): ChosenSettings {
  const { authorization, token, clientId, clientSecret } = oauth;
  return {
    mode: 'authorization_code',
    clientId,
    clientSecret,
    redirectUri: 'https://p.test/auth/redirect',
    endpoints: { authorization, token, applicationToken: 'http://127.0.0.1:9', data: 'http://127.0.0.1:9' },
    ...chosen,
  };
}

/** Gives the suite that calls this an OAuth server. */
export function oauthServer(): () => OAuthServer {
  let server: OAuthServer | undefined;
  before(async () => {
    server = await startOAuthServer();
  });
  after(() => server?.close());
  return () => server ?? assert.fail('The suite has not begun.');
}
