import type { Route } from './routes.js';

/** Finds the route of a path. */
export interface RouteTable {
  /** The path is still percent-encoded, as it came. */
  find(path: string): Route | undefined;
}

/**
 * Whether a path may mean something else to the next server than it says: encoded characters, dot segments, empty
 * segments, backslashes, control characters (spec/device-flow D3).
 */
function isDevious(path: string): boolean {
  for (let index = 0; index < path.length; index++) {
    const code = path.charCodeAt(index);
    // Beyond printable ASCII, and: % \ ; ? #
    if (code <= 32 || code >= 127 || code === 37 || code === 92 || code === 59 || code === 63 || code === 35)
      return true;
  }
  return path.includes('//') || path.includes('/.') || path.includes('..');
}

/** Makes the table. A path has one route; of prefixes the first that fits counts. */
export function createRouteTable(routes: readonly Route[]): RouteTable {
  const exact = new Map<string, Route>();
  const prefixes: { readonly start: string; readonly route: Route }[] = [];
  for (const route of routes) {
    if (route.path.endsWith('/*')) prefixes.push({ start: route.path.slice(0, -1), route });
    else exact.set(route.path, route);
  }
  return {
    find: (path) => {
      const found = exact.get(path);
      if (found || isDevious(path)) return found;
      return prefixes.find(({ start }) => path.startsWith(start))?.route;
    },
  };
}
