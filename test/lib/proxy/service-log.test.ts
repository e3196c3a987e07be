import assert from 'node:assert/strict';
import type { ProxyEvent } from '../../../lib/proxy/events.js';
import type { LogFields } from '../../../lib/proxy/log.js';
import { openProxyService, type ProxyService } from '../../../lib/proxy/service.js';
import { freshDirectory } from '../../support/directory.js';
import { proxySettings, publicClient } from '../../support/proxy-settings.js';
import { fakeRequest } from './http/request.js';

interface Line extends LogFields {
  readonly level: string;
  readonly message: string;
}

describe('the log of a proxy with its store', () => {
  const directory = freshDirectory();
  let lines: Line[];
  let events: ProxyEvent[];
  let service: ProxyService | undefined;

  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const request = fakeRequest({ path: '/device/code', headers: form, body: `client_id=${publicClient}` });

  beforeEach(() => {
    lines = [];
    events = [];
  });

  afterEach(() => service?.close());

  async function open(logEvents: boolean): Promise<ProxyService> {
    service = await openProxyService({
      proxy: proxySettings(),
      store: { kind: 'embedded', directory: directory() },
      log: (level, message, fields = {}) => lines.push({ level, message, ...fields }),
      logEvents,
      onEvent: (event) => events.push(event),
    });
    return service;
  }

  /** A request that fails unexpectedly; the reference that its client is given. */
  async function fail({ proxy }: ProxyService): Promise<unknown> {
    const answer = await proxy.handle({ ...request, body: () => Promise.reject(new TypeError('secret-text')) });
    assert.equal(answer.status, 500);
    return (JSON.parse(answer.body) as Record<string, unknown>)['correlation'];
  }

  for (const logEvents of [true, false]) {
    it(`has one line for a request that failed, ${logEvents ? 'with' : 'without'} the events`, async () => {
      const opened = await open(logEvents);
      const references = [await fail(opened), await fail(opened)];
      const line = {
        level: 'error',
        message: 'failed',
        route: '/device/code',
        reason: 'internal',
        detail: 'TypeError',
      };
      assert.deepEqual(
        lines,
        references.map((correlation) => ({ ...line, correlation })),
      );
      assert.deepEqual(
        events.map(({ name, correlation }) => [name, correlation]),
        references.map((correlation) => ['failed', correlation]),
      );
    });
  }

  it('has a line for each event, where it is told to', async () => {
    const { proxy } = await open(true);
    assert.equal((await proxy.handle(request)).status, 200);
    assert.deepEqual(
      lines.map(({ level, message, clientId }) => [level, message, clientId]),
      [['info', 'issued', publicClient]],
    );
  });

  it('has no line for events where it is not', async () => {
    const { proxy } = await open(false);
    assert.equal((await proxy.handle(request)).status, 200);
    assert.deepEqual(lines, []);
    assert.deepEqual(
      events.map(({ name }) => name),
      ['issued'],
    );
  });
});
