import { htmlResponse } from '../http/answers.js';
import type { Route } from '../http/routes.js';
import { landingPage } from '../pages/landing.js';
import { pageView } from '../pages/view.js';

/** The page at the root (spec/device-flow 1.1). */
export const landingRoutes: Route[] = [
  {
    path: '/',
    kind: 'page',
    sideEffectFree: true,
    methods: {
      GET: ({ settings }, request) => Promise.resolve(htmlResponse(200, landingPage(pageView(settings, request)))),
    },
  },
];
