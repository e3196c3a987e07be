import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { deviceCodeGrant } from '../../../lib/proxy/routes/token.js';
import type { SimulatedEnedis } from '../../../simulator/enedis/types.js';
import { publicClient } from '../proxy-settings.js';
import { Browser } from './browser.js';
import type { WireAnswer, WireClient } from './exchange.js';

/** Where patient dances go on, and how they wait. */
export interface DanceFloor {
  readonly client: WireClient;
  readonly publicUrl: string;
  /** What devices call themselves; default `CID`. */
  readonly clientId?: string;
  readonly enedis: SimulatedEnedis;
  /** Real ms that stand for a second of the proxy's clock. */
  readonly second: number;
}

/** Tokens as the device holds them. */
export interface HeldTokens {
  readonly access: string;
  readonly refresh: string;
}

/** First wait after a 503, and the longest, ms. */
const shortestWait = 50;
const longestWait = 800;

/**
 * A device and its person who go on where they are asked to come again later (503), as clients of the standard do, and
 * who hold the proxy to what it has acknowledged.
 */
export class PatientDance {
  readonly #floor: DanceFloor;
  readonly #browser: Browser;
  readonly #address: Readonly<Record<string, string>>;
  readonly #customer: string;
  #deviceCode = '';

  constructor(floor: DanceFloor, customer: string, address: Readonly<Record<string, string>>) {
    this.#floor = floor;
    this.#customer = customer;
    this.#address = address;
    this.#browser = new Browser(floor.client, floor.publicUrl, address);
  }

  async #insist<A extends WireAnswer>(ask: () => Promise<A>): Promise<A> {
    for (let wait = shortestWait; ; wait = Math.min(longestWait, wait * 2)) {
      const answer = await ask();
      if (answer.status !== 503) return answer;
      await pause(wait * (0.5 + Math.random() / 2));
    }
  }

  #form(path: string, members: Readonly<Record<string, string>>): Promise<WireAnswer> {
    return this.#insist(() =>
      this.#floor.client.send({
        method: 'POST',
        path,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...this.#address },
        body: new URLSearchParams({ client_id: this.#floor.clientId ?? publicClient, ...members }).toString(),
      }),
    );
  }

  poll(): Promise<WireAnswer> {
    return this.#form('/device/token', { grant_type: deviceCodeGrant, device_code: this.#deviceCode });
  }

  refresh({ refresh }: HeldTokens): Promise<WireAnswer> {
    return this.#form('/device/token', { grant_type: 'refresh_token', refresh_token: refresh });
  }

  /** What the access token is for. */
  consents({ access }: HeldTokens): Promise<WireAnswer> {
    const headers = { authorization: `Bearer ${access}`, ...this.#address };
    return this.#insist(() => this.#floor.client.send({ method: 'GET', path: '/consents', headers }));
  }

  /** Asks for a code. @returns the user code */
  async begin(): Promise<string> {
    const answer = await this.#form('/device/code', {});
    assert.equal(answer.status, 200, answer.text);
    this.#deviceCode = String(answer.json['device_code']);
    return String(answer.json['user_code']);
  }

  /** The person enters the code. @returns where the page leads: that of the consent */
  async enter(userCode: string): Promise<string> {
    const form = await this.#insist(() => this.#browser.open(`/device?code=${userCode}`));
    const { location, text } = await this.#insist(() => this.#browser.submit(form));
    assert.ok(location, text);
    return location;
  }

  /** The person consents there. @returns the address that the browser is sent back to */
  agree(authorizeUrl: string): Promise<string> {
    return this.#floor.enedis.consent({ authorizeUrl, customer: this.#customer });
  }

  /** The browser comes back, and loads the page until it says that all is done. */
  async comeBack(callback: string): Promise<void> {
    const { status, location, text } = await this.#insist(() => this.#browser.open(callback));
    assert.equal(status, 303, text);
    assert.equal(location, `${this.#floor.publicUrl}/auth/done`);
  }

  /**
   * Polls until there are tokens, so many times at once.
   * @throws AssertionError where two polls get some, or where something else is answered
   */
  async fetchTokens(atOnce: number): Promise<HeldTokens> {
    for (;;) {
      const answers = await Promise.all(Array.from({ length: atOnce }, () => this.poll()));
      const won = answers.filter(({ status }) => status === 200);
      const errors = answers.filter(({ status }) => status !== 200).map(({ json }) => json['error']);
      const expected = won.length === 1 ? 'invalid_grant' : 'authorization_pending';
      assert.ok(won.length <= 1 && errors.every((error) => error === expected), answers.map(({ text }) => text).join());
      if (won.length === 1) return heldTokens(won[0]);
      await this.#rest();
    }
  }

  /** The time that a device leaves between two polls. */
  async #rest(): Promise<void> {
    await pause(this.#floor.second);
  }

  /** From the code to refreshed tokens; the device asks for its tokens so many times at once. */
  async run(atOnce = 1): Promise<HeldTokens> {
    const userCode = await this.begin();
    assert.equal((await this.poll()).json['error'], 'authorization_pending');
    await this.comeBack(await this.agree(await this.enter(userCode)));
    await this.#rest();
    return heldTokens(await this.refresh(await this.fetchTokens(atOnce)));
  }
}

/** The tokens of an answer. */
export function heldTokens(answer: WireAnswer | undefined): HeldTokens {
  assert.equal(answer?.status, 200, answer?.text);
  const { access_token: access, refresh_token: refresh } = answer.json;
  assert.ok(typeof access === 'string' && typeof refresh === 'string', answer.text);
  return { access, refresh };
}
