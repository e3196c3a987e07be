import type { Route } from '../http/routes.js';
import type { Metrics } from '../metrics.js';

/** `GET /metrics`: the figures for Prometheus. They name nobody, but belong to the operator: close the path outside. */
export function metricsRoutes(metrics: Metrics): readonly Route[] {
  const read = async () => {
    const { text, contentType } = await metrics.read();
    return { status: 200, headers: { 'content-type': contentType, 'cache-control': 'no-store' }, body: text };
  };
  return [{ path: '/metrics', kind: 'json', sideEffectFree: true, methods: { GET: read } }];
}
