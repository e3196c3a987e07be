import assert from 'node:assert/strict';
import type { Node } from 'node-red';
import { parseArgument, parseCommandName } from '../../lib/envoy/commands/commands.js';
import { AuthenticationError } from '../../lib/errors.js';
import { createProxyApi } from '../../lib/linky/api/proxy.js';
import { dayOf } from '../../nodes/linky-read/dates.js';
import { resultMessages } from '../../nodes/linky-read/messages.js';
import { outcomeMessage, promptMessage } from '../../nodes/device-flow/messages.js';
import { authenticationMessage } from '../../nodes/shared/authentication-message.js';
import { ownRequest } from '../../nodes/shared/own-request.js';
import { SessionWorld } from '../support/session.js';
import { blocks, codes, rows, section, textOf } from './pages.js';

type Fields = Readonly<Record<string, unknown>>;

const readme = textOf('README.md');
const documents = blocks().filter(({ language }) => language !== '');

/** What a JSON block holds, by its place among those of the page. */
function example(page: string, index: number): unknown {
  return JSON.parse(documents.filter((block) => block.page === page)[index]?.text ?? '');
}

/** The members of an example that a real document lacks, or has with another type; longer ones may have more. */
function lacking(shown: unknown, real: unknown, path = 'payload'): string[] {
  if (typeof shown !== 'object' || shown === null) return typeof shown === typeof real ? [] : [path];
  if (typeof real !== 'object' || real === null) return [path];
  return Object.entries(shown).flatMap(([key, value]) => lacking(value, (real as Fields)[key], `${path}.${key}`));
}

/** The row of a table of a node whose first cell begins so. */
function row(heading: string, first: string): string[] {
  const found = rows(section(readme, heading)).find(([cell = '']) => cell.startsWith(first));
  assert.ok(found, `${heading} has no row ${first}`);
  return found;
}

describe('the messages in the pages', () => {
  it('are all looked at here', () => {
    assert.deepEqual(
      documents.map(({ page, language }) => `${page} ${language}`),
      ['README.md json', 'README.md json', 'docs/proxy.md json'],
      'proxy.md is looked at by commands.test.ts',
    );
  });

  it('a reading has what the example shows', async function () {
    this.timeout(60_000);
    const world = await SessionWorld.start();
    try {
      assert.deepEqual(lacking(example('README.md', 0), await world.open().read()), []);
    } finally {
      await world.close();
    }
  });

  it('a day of a meter is as the example shows', () => {
    const [shown] = example('README.md', 1) as [{ start: number; end: number; value: number; quality: string }];
    const day = (moment: number) => dayOf(moment, moment) ?? '';
    const range = { start: day(shown.start), end: day(shown.end) };
    const body = JSON.stringify({
      meter_reading: {
        quality: shown.quality,
        reading_type: { unit: 'Wh', measuring_period: 'P1D' },
        interval_reading: [{ value: String(shown.value), date: range.start }],
      },
    });
    const api = createProxyApi('https://proxy.example/data/proxy', () => shown.end);
    assert.deepEqual(api.interpretSeries('daily_consumption', '12345678901234', range, body), [shown]);
  });

  it('every argument of a command is accepted', () => {
    const table = rows(section(readme, '### _envoy control_').split('\n| Out')[0] ?? '').slice(2);
    assert.ok(table.length > 10);
    for (const [name = '', examples = ''] of table) {
      const command = parseCommandName(name.replaceAll('`', ''));
      const given = codes(examples);
      assert.ok(given.length > 0, name);
      for (const argument of given) {
        assert.doesNotThrow(() => parseArgument(command, JSON.parse(argument) as unknown), argument);
      }
    }
  });

  it('every request of one’s own is accepted', () => {
    const requests = codes(readme).filter((code) => code.startsWith('{ "path"'));
    assert.equal(requests.length, 2);
    for (const text of requests) assert.equal(ownRequest(JSON.parse(text)).path, '/ivp/meters');
  });

  it('every form of a day is understood', () => {
    const table = section(textOf('docs/enedis.md'), '## Days and ranges');
    const forms = rows(table).flatMap(([first = '']) => codes(first));
    const inReadme = codes(row('### _linky read_', '`msg.from`')[1] ?? '');
    assert.ok(forms.length > 6 && inReadme.length > 6);
    for (const form of [...forms, ...inReadme]) assert.ok(dayOf(form, Date.UTC(2026, 10, 22)), form);
    assert.equal(dayOf('2026-11-20T23:30:00', Date.UTC(2026, 10, 22)), undefined, 'a time without an offset');
  });

  it('of a consent have what the table says', async () => {
    const heading = '### _device flow_';
    const prompt = {
      userCode: 'BCDF-GHJK',
      verificationUri: 'https://proxy.example/device',
      verificationUriComplete: 'https://proxy.example/device?code=BCDF-GHJK',
      expiresAt: 1,
      interval: 5,
    };
    const told = (output: string) => codes(row(heading, output)[2] ?? '').sort();
    const first = await promptMessage({ _msgid: '1' }, 'a', prompt as never);
    const members = (message: unknown) => Object.keys((message as { payload: Fields }).payload);
    assert.deepEqual(told('1'), [...members(first), 'pending'].sort());
    const tokens = { accessToken: 'a', tokenType: 'Bearer', usagePoints: [], scope: '', expiresAt: 1, consentUntil: 1 };
    const second = outcomeMessage({ _msgid: '1' }, 'a', { ...tokens, obtainedAt: 0 }, { exposeTokens: false });
    assert.deepEqual(told('2'), [...members(second), 'authorized'].sort());
  });

  it('of a meter have what the table says', () => {
    const result = {
      usagePoint: '12345678901234',
      dataset: 'daily_consumption',
      readings: [{ start: 0, end: 1, value: 1, unit: 'Wh' }],
      meter: { usagePoint: '12345678901234' },
      missing: ['2026-11-20'],
      incomplete: ['2026-11-19'],
      notes: ['incomplete'],
    } as const;
    const [message] = resultMessages(
      result,
      'each',
      () => ({ _msgid: '1' }),
      () => 'id',
    );
    const told = rows(section(readme, '### _linky read_')).flatMap(([first = '']) => codes(first));
    for (const member of Object.keys(message ?? {}).filter((name) => name !== '_msgid')) {
      assert.ok(told.includes(`msg.${member}`), member);
    }
  });

  it('of an authentication error have what the table says', () => {
    const error = new AuthenticationError('token_expired', 'The token has expired.', { account: 'o…@x', expiresAt: 1 });
    const node = { id: 'a', type: 'envoy-read', name: '' } as unknown as Node;
    const message = authenticationMessage(node, 'gateway', { _msgid: '1' }, error, () => 'text');
    const told = codes(row('### _envoy read_', '`msg.payload`')[1] ?? '');
    assert.deepEqual(told.sort(), Object.keys(message.payload as Fields).sort());
    assert.ok('error' in message);
    row('### _envoy read_', '`msg.error`');
  });
});
