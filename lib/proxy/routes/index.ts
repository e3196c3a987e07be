import type { Route } from '../http/routes.js';
import type { ProxySettings } from '../settings/settings.js';
import { callbackRoutes } from './callback.js';
import { consentsRoutes } from './consents.js';
import { dataProxyRoutes } from './data-proxy.js';
import { deviceCodeRoutes } from './device-code.js';
import { devicePageRoutes } from './device-page.js';
import { deviceProxyRoutes } from './device-proxy.js';
import { doneRoutes } from './done.js';
import { healthRoutes } from './health.js';
import { landingRoutes } from './landing.js';
import { metadataRoutes } from './metadata.js';
import { revokeRoutes } from './revoke.js';
import { styleRoutes } from './style.js';
import { tokenRoutes } from './token.js';

/** Every route of a proxy. Whether the mode offers one of them is for the route to say. */
export function proxyRoutes(settings: ProxySettings): Route[] {
  return [
    ...tokenRoutes,
    ...deviceCodeRoutes,
    ...revokeRoutes,
    ...deviceProxyRoutes,
    ...dataProxyRoutes,
    ...consentsRoutes,
    ...metadataRoutes,
    ...healthRoutes,
    ...landingRoutes,
    ...devicePageRoutes,
    ...callbackRoutes(settings),
    ...doneRoutes,
    ...styleRoutes,
  ];
}
