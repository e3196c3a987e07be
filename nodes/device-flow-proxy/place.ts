/** What may be wrong with a path; the texts `validate.path.<problem>` and `problem.path` say what to do. */
export type PathProblem = 'empty' | 'root' | 'invalid' | 'reserved';

/** Where Node-RED serves what; `undefined` where it does not. Both begin and end with a slash. */
export interface Roots {
  /** What flows serve. */
  readonly node: string | undefined;
  /** The editor and its interface. */
  readonly admin: string | undefined;
}

/** Where the dashboards of the ecosystem live unless told otherwise. */
const dashboards = ['dashboard', 'ui'];

/** First parts of the paths that the editor and its interface answer. */
const editorPaths = [
  'auth',
  'comms',
  'context',
  'core',
  'credentials',
  'debug',
  'diagnostics',
  'favicon.ico',
  'flow',
  'flows',
  'icons',
  'inject',
  'library',
  'locales',
  'nodes',
  'plugins',
  'projects',
  'red',
  'resources',
  'settings',
  'theme',
  'types',
  'vendor',
];

/** The path as it is compared: one slash at the start, none at the end; `''` for the root. */
export function normalPath(text: string): string {
  const inner = text.trim().replace(/^\/+|\/+$/g, '');
  return inner === '' ? '' : `/${inner}`;
}

/** What is wrong with a path as such. */
export function pathProblem(text: string): Exclude<PathProblem, 'reserved'> | undefined {
  if (text.trim() === '') return 'empty';
  const path = normalPath(text);
  if (path === '') return 'root';
  const parts = path.slice(1).split('/');
  return parts.every((part) => /^[A-Za-z0-9._~-]+$/.test(part) && !/^\.+$/.test(part)) ? undefined : 'invalid';
}

function firstPart(path: string): string {
  return path.split('/', 1)[0] ?? '';
}

/** Whether Node-RED itself or a dashboard answers at this path, so that a proxy there would never be asked. */
export function isReserved(path: string, { node = '/', admin }: Roots): boolean {
  if (dashboards.includes(firstPart(path.slice(1)))) return true;
  const whole = `${node}${path.slice(1)}/`;
  if (admin === undefined || !whole.startsWith(admin)) return false;
  const rest = firstPart(whole.slice(admin.length));
  return rest === '' || editorPaths.includes(rest);
}

/** Whether one of two paths lies below the other, or both are the same. */
export function overlap(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
