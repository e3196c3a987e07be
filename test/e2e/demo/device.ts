import { strict as assert } from 'node:assert';
import { deviceCodeGrant } from '../../../lib/proxy/routes/token.js';

type Members = Readonly<Record<string, unknown>>;

const oneDay = 86_400_000;

function dayAgo(days: number): string {
  return new Date(Date.now() - days * oneDay).toISOString().slice(0, 10);
}

/** A device in front of the proxy of the demo, which does what the comment on its tab says. */
export class DemoDevice {
  /** The day that it reads, `YYYY-MM-DD`. */
  readonly day = dayAgo(4);
  readonly #proxy: string;
  readonly #secrets: string[] = [];
  #interval = 0;
  #accessToken = '';
  #usagePoint = '';

  /** @param proxy its address */
  constructor(proxy: string) {
    this.#proxy = proxy;
  }

  /** The meter that it may read, once it has tokens. */
  get usagePoint(): string {
    return this.#usagePoint;
  }

  /** What nobody else may see. */
  get secrets(): readonly string[] {
    return this.#secrets;
  }

  /** Asks for a code. */
  async begin(): Promise<{ readonly deviceCode: string; readonly userCode: string; readonly link: string }> {
    const answer = await this.#post('/device/code', {});
    const deviceCode = String(answer['device_code']);
    const userCode = String(answer['user_code']);
    this.#interval = Number(answer['interval']);
    this.#secrets.push(deviceCode, userCode);
    return { deviceCode, userCode, link: String(answer['verification_uri_complete']) };
  }

  /** Asks once for tokens. */
  async poll(deviceCode: string): Promise<Members> {
    return this.#post('/device/token', { grant_type: deviceCodeGrant, device_code: deviceCode });
  }

  /** Polls as often as it may until it has tokens. */
  async awaitTokens(deviceCode: string): Promise<void> {
    for (;;) {
      const answer = await this.poll(deviceCode);
      const { error } = answer;
      if (error === undefined) {
        this.#take(answer);
        return;
      }
      assert.ok(error === 'authorization_pending' || error === 'slow_down', JSON.stringify(answer));
      if (error === 'slow_down') this.#interval += 5;
      await new Promise((resolve) => setTimeout(resolve, this.#interval * 1000));
    }
  }

  /** What the meter counted on the day. */
  async readDay(): Promise<{ readonly date: unknown; readonly value: unknown }> {
    const query = new URLSearchParams({ usage_point_id: this.#usagePoint, start: this.day, end: dayAgo(3) });
    const url = `${this.#proxy}/data/proxy/metering_data_dc/v5/daily_consumption?${query.toString()}`;
    const reply = await fetch(url, { headers: { authorization: `Bearer ${this.#accessToken}` } });
    const text = await reply.text();
    assert.equal(reply.status, 200, text);
    const { meter_reading: reading } = JSON.parse(text) as {
      meter_reading: { interval_reading: { date: unknown; value: unknown }[] };
    };
    const [day] = reading.interval_reading;
    assert.ok(day && reading.interval_reading.length === 1, text);
    return day;
  }

  #take(answer: Members): void {
    this.#accessToken = String(answer['access_token']);
    this.#usagePoint = String(answer['usage_points_id']);
    this.#secrets.push(this.#accessToken, String(answer['refresh_token']), this.#usagePoint);
  }

  async #post(path: string, members: Readonly<Record<string, string>>): Promise<Members> {
    const body = new URLSearchParams({ client_id: 'demo-client', ...members });
    const reply = await fetch(this.#proxy + path, { method: 'POST', body });
    return (await reply.json()) as Members;
  }
}
