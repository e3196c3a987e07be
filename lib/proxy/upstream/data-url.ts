import { EnergyError } from '../../errors.js';
import type { DataCall } from '../../linky/translation/request.js';

/** Segments of letters, digits and underscores: nothing that means anything to a URL. */
const plainPath = /^\w+(\/\w+)*$/;

/**
 * The URL of a call to the data interfaces. Whatever the path and the query say, it stays below the base and goes to
 * exactly that path (spec/device-flow D3).
 * @throws EnergyError `invalid_argument` where it would not
 */
export function dataUrl(base: string, { path, query }: DataCall): URL {
  const root = new URL(base);
  const pathname = `${root.pathname.replace(/\/+$/, '')}/${path}`;
  const url = new URL(pathname, root.origin);
  url.search = new URLSearchParams(query).toString();
  if (!plainPath.test(path) || url.origin !== root.origin || url.pathname !== pathname || url.hash !== '') {
    throw new EnergyError('invalid_argument', 'The path leads out of the data interfaces.');
  }
  return url;
}
