import type { Route } from '../http/routes.js';
import type { ProxyResponse } from '../http/types.js';
import { stylesheet } from '../pages/style.js';

/** Pages ask for it with its version, so that it may be kept. */
const answer: ProxyResponse = {
  status: 200,
  headers: {
    'content-type': 'text/css; charset=utf-8',
    'cache-control': 'public, max-age=604800',
    'x-content-type-options': 'nosniff',
  },
  body: stylesheet,
};

/** The one stylesheet. */
export const styleRoutes: Route[] = [
  { path: '/style.css', kind: 'page', sideEffectFree: true, methods: { GET: () => Promise.resolve(answer) } },
];
