/** Where a request goes. */
export interface Target {
  /** Path below the base path, still encoded. */
  readonly path: string;
  /** What follows the question mark. */
  readonly query: string;
  /** Whether the path began with the base path. */
  readonly below: boolean;
}

/** The part of an absolute URL that follows its authority. */
function withoutOrigin(url: string): string {
  const scheme = url.indexOf('://');
  if (scheme < 0) return url;
  const path = url.indexOf('/', scheme + 3);
  return path < 0 ? '/' : url.slice(path);
}

/**
 * Splits the target of a request (RFC 9112 3.2: a path, or an absolute URL) into path and query, and takes the base path
 * off where it is there. Nothing is decoded or resolved.
 */
export function splitTarget(url: string, basePath: string): Target {
  const target = url.startsWith('/') ? url : withoutOrigin(url);
  const mark = target.indexOf('?');
  const whole = mark < 0 ? target : target.slice(0, mark);
  const query = mark < 0 ? '' : target.slice(mark + 1);
  const next = whole.charCodeAt(basePath.length);
  // The base path ends here, or a slash follows.
  const below = basePath === '' || (whole.startsWith(basePath) && (Number.isNaN(next) || next === 47));
  if (!below || basePath === '') return { path: whole, query, below };
  return { path: whole.slice(basePath.length) || '/', query, below };
}
