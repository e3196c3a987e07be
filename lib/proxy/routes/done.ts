import { htmlResponse } from '../http/answers.js';
import type { Route } from '../http/routes.js';
import { pageView } from '../pages/view.js';
import { donePage } from '../pages/visit.js';

/** Where browsers end up after a consent: an address without state, code or usage point (spec/device-flow D19). */
export const donePath = '/auth/done';

/** The page that ends a dance. */
export const doneRoutes: Route[] = [
  {
    path: donePath,
    kind: 'page',
    sideEffectFree: true,
    methods: {
      GET: ({ settings }, request) => Promise.resolve(htmlResponse(200, donePage(pageView(settings, request)))),
    },
  },
];
