import type { ProxyContext } from '../context.js';
import { jsonResponse } from '../http/answers.js';
import type { Route } from '../http/routes.js';
import type { ProxyResponse } from '../http/types.js';

async function storageWorks({ store }: ProxyContext): Promise<boolean> {
  try {
    await store.check();
    return true;
  } catch {
    return false;
  }
}

function moment(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

/**
 * Whether the proxy can serve: 503 while its store is down. Trouble of the upstream server is told but does not count,
 * since taking instances out of service would not help (spec/device-flow 1.12).
 */
async function health(context: ProxyContext): Promise<ProxyResponse> {
  const working = await storageWorks(context);
  const { lastSuccessAt, lastFailureAt, lastFailure } = context.upstream.health();
  return jsonResponse(working ? 200 : 503, {
    status: working ? 'ok' : 'failed',
    api_mode: context.settings.apiMode,
    storage: working ? 'ok' : 'failed',
    upstream: { last_success: moment(lastSuccessAt), last_failure: moment(lastFailureAt), failure: lastFailure },
  });
}

/** `GET /health`. */
export const healthRoutes: readonly Route[] = [
  { path: '/health', kind: 'json', sideEffectFree: true, methods: { GET: health } },
];
