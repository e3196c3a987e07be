import { chooseLanguage } from '../pages/language.js';
import { ProxyError } from './error.js';
import type { ProxyRequest } from './types.js';

/** What a client says of itself. */
export interface ClientVersion {
  readonly product: string;
  readonly version: string;
}

/** The first `name/digits(.digits)*` of a User-Agent; `undefined` where there is none. */
export function clientVersion(userAgent: string): ClientVersion | undefined {
  for (const token of userAgent.slice(0, 512).split(/\s+/)) {
    const [, product, version] = /^([^/]+)\/(\d+(?:\.\d+)*)/.exec(token) ?? [];
    if (product !== undefined && version !== undefined) return { product, version };
  }
  return undefined;
}

function compareNumbers(left: string, right: string): number {
  const difference = BigInt(left) - BigInt(right);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** Negative where the first version is the older one; segments are compared as numbers, a missing one counts as 0. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.'), right.split('.')];
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = compareNumbers(a[index] ?? '0', b[index] ?? '0');
    if (difference !== 0) return difference;
  }
  return 0;
}

/** French, as the PHP server says it, unless the client prefers English. */
function description(minimum: string, acceptLanguage: string | null): string {
  return chooseLanguage(acceptLanguage) === 'fr'
    ? `Version du plugin trop ancienne : installez la version ${minimum} ou une version suivante.`
    : `This version of the client is too old: install version ${minimum} or later.`;
}

/** What turns old clients away. */
export type VersionGate = (request: ProxyRequest) => void;

/**
 * Makes the version gate (spec/device-flow 1.0) of the oldest versions served, by product name in any case, `*` for
 * every other; `undefined` where every client is served. The gate throws ProxyError 400 `version_mismatch`.
 */
export function createVersionGate(minimumVersions: Readonly<Record<string, string>>): VersionGate | undefined {
  const minimums = new Map(
    Object.entries(minimumVersions).map(([product, minimum]) => [
      product.toLowerCase(),
      /^\d+(?:\.\d+)*/.exec(minimum)?.[0] ?? '0',
    ]),
  );
  if (minimums.size === 0) return undefined;
  return (request) => {
    const client = clientVersion(request.headers.get('user-agent') ?? '');
    const minimum = minimums.get(client?.product.toLowerCase() ?? '*') ?? minimums.get('*');
    if (minimum === undefined) return;
    if (client && compareVersions(client.version, minimum) >= 0) return;
    throw new ProxyError(400, 'version_mismatch', {
      description: description(minimum, request.headers.get('accept-language')),
      members: { min_version: minimum },
    });
  };
}
