import assert from 'node:assert/strict';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { deviceCodeGrant } from '../../../lib/proxy/routes/token.js';
import { Browser } from './browser.js';
import type { WireAnswer, WireClient } from './exchange.js';

/** Where the program is told that people reach it. */
export const publicUrl = 'https://linky.test';

/** The variables without which the program does not start, and where the simulated Enedis answers. */
export function programEnvironment({ application, endpoints }: SimulatedEnedis): Record<string, string> {
  return {
    BASE_URL: publicUrl,
    CLIENT_ID: application.clientId,
    CLIENT_SECRET: application.clientSecret,
    AUTHORIZATION_ENDPOINT: endpoints.authorization,
    TOKEN_ENDPOINT_V3: endpoints.applicationToken,
    DATA_ENDPOINT: endpoints.data,
  };
}

/** What may be chosen of a dance. */
export interface DanceChoice {
  /** Customer of the simulator; default the first one. */
  readonly customer?: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** ms since the epoch; default the machine's clock. */
  readonly now?: () => number;
}

/** A device with its person, in front of the program: every step over HTTP. What is secret of it is kept in mind. */
export class ProgramDance {
  readonly secrets = new Set<string>();
  readonly #enedis: SimulatedEnedis;
  readonly #clientId: string;
  readonly #choice: DanceChoice;
  #deviceCode = '';
  #userCode = '';
  #browser: Browser | undefined;

  constructor(enedis: SimulatedEnedis, choice: DanceChoice = {}) {
    this.#enedis = enedis;
    this.#choice = choice;
    this.#clientId = enedis.application.clientId;
    this.secrets.add(enedis.application.clientSecret);
  }

  #form(client: WireClient, path: string, members: Readonly<Record<string, string>>): Promise<WireAnswer> {
    return client.send({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#choice.headers },
      body: new URLSearchParams(members).toString(),
    });
  }

  /** Remembers a text of an answer as a secret, and gives it back. */
  #secret(answer: WireAnswer, name: string): string {
    const value = answer.json[name];
    assert.ok(typeof value === 'string' && value !== '', `${name} is missing: ${answer.text}`);
    this.secrets.add(value);
    return value;
  }

  async begin(client: WireClient): Promise<void> {
    const answer = await this.#form(client, '/device/code', { client_id: this.#clientId });
    this.#deviceCode = this.#secret(answer, 'device_code');
    this.#userCode = this.#secret(answer, 'user_code');
    this.secrets.add(this.#userCode.replace('-', ''));
  }

  /** The person enters the code. @returns the address of the consent page */
  async enter(client: WireClient): Promise<string> {
    this.#browser = new Browser(client, publicUrl, this.#choice.headers);
    const page = await this.#browser.open(`/device?code=${this.#userCode}`);
    const { status, location = '', text } = await this.#browser.submit(page);
    assert.equal(status, 303, text);
    this.secrets.add(new URL(location).searchParams.get('state') ?? '');
    return location;
  }

  /** The person comes back from the consent page. @returns the heading of the last page */
  async comeBack(callback: string): Promise<string> {
    const browser = this.#browser;
    assert.ok(browser);
    const page = await browser.follow(await browser.open(callback));
    for (const value of browser.cookies.values()) this.secrets.add(value);
    assert.equal(page.status, 200, page.text);
    return page.heading;
  }

  /** The person enters the code and consents. @returns the heading of the last page */
  async consent(client: WireClient): Promise<string> {
    return this.comeBack(await this.agree(await this.enter(client)));
  }

  /** The person consents at Enedis. @returns where the browser is sent back to */
  agree(authorizeUrl: string): Promise<string> {
    const { customer } = this.#choice;
    return this.#enedis.consent({ authorizeUrl, ...(customer !== undefined && { customer }) });
  }

  poll(client: WireClient): Promise<WireAnswer> {
    const members = { client_id: this.#clientId, grant_type: deviceCodeGrant, device_code: this.#deviceCode };
    return this.#form(client, '/device/token', members);
  }

  refresh(client: WireClient, refreshToken: string): Promise<WireAnswer> {
    const members = { client_id: this.#clientId, grant_type: 'refresh_token', refresh_token: refreshToken };
    return this.#form(client, '/device/token', members);
  }

  /** The tokens of an answer. */
  tokens(answer: WireAnswer): { readonly access: string; readonly refresh: string; readonly usagePoint: string } {
    assert.equal(answer.status, 200, answer.text);
    return {
      access: this.#secret(answer, 'access_token'),
      refresh: this.#secret(answer, 'refresh_token'),
      usagePoint: this.#secret(answer, 'usage_points_id'),
    };
  }

  /** Reads the consumption of a few days long past. */
  data(client: WireClient, access: string, usagePoint: string): Promise<WireAnswer> {
    const day = (distance: number): string => {
      const { now = Date.now } = this.#choice;
      return new Date(now() + distance * 86_400_000).toISOString().slice(0, 10);
    };
    const query = `usage_point_id=${usagePoint}&start=${day(-9)}&end=${day(-6)}`;
    return client.send({
      method: 'GET',
      path: `/data/proxy/metering_data_dc/v5/daily_consumption?${query}`,
      headers: { authorization: `Bearer ${access}`, ...this.#choice.headers },
    });
  }
}
