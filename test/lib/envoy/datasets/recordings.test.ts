import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { EnergyError } from '../../../../lib/errors.js';
import { parseInfo, type GatewayInfo } from '../../../../lib/envoy/info.js';
import { probe, readDatasets } from '../../../../lib/envoy/datasets/registry.js';
import type { Endpoints } from '../../../../lib/envoy/datasets/types.js';

const shared = fileURLToPath(new URL('../../../../../shared', import.meta.url));
const recordings = join(shared, 'envoy-recordings');
const joinedNames: Readonly<Record<string, string>> = {
  acBatteries: 'ACB',
  batteries: 'ENCHARGE',
  combiner: 'C6CC',
  ctMeters: 'CTMETERS',
  dualPhase: 'DUALPHASE',
  systemController: 'ENPOWER',
  threePhase: 'THREEPHASE',
};

/** The name of a feature in the expected values. */
const referenceName = (feature: string): string =>
  joinedNames[feature] ?? feature.replace(/[A-Z]/g, '_$&').toUpperCase();

interface Expected {
  readonly error?: unknown;
  readonly supported_features?: readonly string[];
}

type Compare = { differences: (expected: unknown, payload: unknown) => string[] };

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** The file of a path: the one recorded with its query where there is one, else the one without; one is named differently. */
function fileOf(folder: string, path: string): string | undefined {
  const [plain = '', query] = path.slice(1).replaceAll('/', '_').split('?');
  const names = query === undefined ? [plain] : [`${plain}_${query.replace('=', '_')}`, plain];
  if (plain === 'inventory.json') names.push('inventory');
  return names.map((name) => join(folder, name)).find((file) => existsSync(file));
}

function statusOf(file: string, text: string): number {
  const log = `${file}_log.json`;
  const code = existsSync(log) ? (readJson(log) as { code?: number }).code : undefined;
  return (code ?? 200) === 200 && /^\{\s*"status":\s*401/.test(text) ? 401 : (code ?? 200);
}

/** The replies of a recorded system, failing as a session does. */
function recorded(folder: string): Endpoints {
  return async (path) => {
    const file = fileOf(folder, path);
    const text = file === undefined ? '' : readFileSync(file, 'utf8');
    const status = file === undefined ? 404 : statusOf(file, text);
    if (status === 401 || status === 403) throw new EnergyError('role_insufficient', `${path} is refused.`);
    if (status >= 500) throw new EnergyError('gateway_busy', `${path} answers ${status}.`);
    if (status !== 200) throw new EnergyError('http_status', `${path} answers ${status}.`, { parameters: { status } });
    try {
      const reply: unknown = JSON.parse(text);
      return await Promise.resolve(reply);
    } catch (cause) {
      throw new EnergyError('reply_invalid', `${path} is no JSON.`, { cause });
    }
  };
}

async function payloadOf(info: GatewayInfo, endpoints: Endpoints): Promise<Record<string, unknown>> {
  const context = { info, endpoints, warn: (warning: object) => assert.fail(JSON.stringify(warning)) };
  const facts = await probe(context);
  const { phaseCount, phaseMode, features } = facts;
  const { serial, firmware, partNumber, metered } = info;
  const gateway = { serial, firmware, partNumber, metered, phaseCount, phaseMode, features };
  return { gateway, ...(await readDatasets(context, facts, [])) };
}

describe('recorded systems', () => {
  if (!existsSync(recordings)) {
    console.warn('SKIPPED: the recorded systems (../shared/envoy-recordings) are not here.');
    it('SKIPPED: there is no ../shared/envoy-recordings beside the repository', function () {
      this.skip();
    });
    return;
  }

  for (const name of readdirSync(recordings)) {
    const folder = join(recordings, name);
    if (!existsSync(join(folder, 'info'))) continue;
    it(`${name}: reads what the reference reads`, async () => {
      const { differences } = (await import(pathToFileURL(join(shared, 'tools', 'compare.mjs')).href)) as Compare;
      const expected = readJson(join(shared, 'envoy-expected', `${name}.json`)) as Expected;
      const info = parseInfo(readFileSync(join(folder, 'info'), 'utf8'));
      if (expected.error !== undefined) {
        await assert.rejects(payloadOf(info, recorded(folder)), {
          code: 'no_production_source',
          message: /no JSON interface/,
        });
        return;
      }
      const payload = await payloadOf(info, recorded(folder));
      assert.deepEqual(differences(expected, payload), []);
      const { features } = payload.gateway as { features: readonly string[] };
      assert.deepEqual(features.map(referenceName).sort(), [...(expected.supported_features ?? [])].sort());
    });
  }
});
