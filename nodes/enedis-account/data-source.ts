import { EnergyError } from '../../lib/errors.js';
import { usualDataEndpoint } from '../../lib/linky/api/create.js';
import type { MeterApi } from '../../lib/linky/api/meter-api.js';

/** Where the data of an account come from. */
export interface DataSource {
  readonly api: MeterApi['name'];
  /** Base URL, without a slash at the end. */
  readonly dataEndpoint: string;
}

function invalid(field: string, remedy: string): EnergyError {
  return new EnergyError('invalid_argument', `${field}: ${remedy}`, { parameters: { field } });
}

/**
 * The data source of an account (design 3.4). `server` is the checked base URL.
 * @throws EnergyError `invalid_argument` where the account is for tokens only, or the endpoint is no URL
 */
export function dataSource(config: Readonly<Record<string, unknown>>, server: string): DataSource {
  const api = config['api'] ?? 'proxy';
  if (api !== 'proxy' && api !== 'conso' && api !== 'myelectricaldata') {
    throw invalid('api', 'this account is for tokens only; choose where the data come from.');
  }
  const { dataEndpoint } = config;
  const given = typeof dataEndpoint === 'string' ? dataEndpoint.trim().replace(/\/+$/, '') : '';
  if (given === '') return { api, dataEndpoint: usualDataEndpoint(api, server) };
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw invalid('dataEndpoint', 'must be a URL that starts with https://.');
  }
  return { api, dataEndpoint: given };
}
