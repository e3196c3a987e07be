import { asEnergyError } from '../errors.js';
import { loadOptional, packageReason } from '../store/optional-package.js';
import type { StoreObserver } from '../store/records/observed.js';
import type { ProxyEvent } from './events.js';
import { ProxyError } from './http/error.js';

/** What is told to the figures. */
interface MetricsObservers {
  readonly request: (answered: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly seconds: number;
  }) => void;
  readonly event: (event: ProxyEvent) => void;
  readonly upstream: (call: string, outcome: string, seconds: number) => void;
  readonly store: StoreObserver;
}

/** The figures of one proxy, as Prometheus reads them. */
export interface Metrics extends MetricsObservers {
  /** The text for `GET /metrics` with its content type. @throws ProxyError 404 where nothing counts */
  read(): Promise<{ readonly text: string; readonly contentType: string }>;
}

const prefix = 'device_flow_proxy_';
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What counts nothing, and says so where figures are asked for. */
function withoutFigures(sentence: string): Metrics {
  const nothing = () => undefined;
  const refusal = new ProxyError(404, 'invalid_request', { description: sentence });
  return { request: nothing, event: nothing, upstream: nothing, store: nothing, read: () => Promise.reject(refusal) };
}

/**
 * New figures, all at zero. No label ever holds what a client sent: their number stays small. Without the package
 * that counts there are none, and everything else works.
 */
export async function createMetrics(): Promise<Metrics> {
  try {
    return figuresWith(await loadOptional('prom-client', () => import('prom-client')));
  } catch (raw) {
    const error = asEnergyError(raw);
    if (error.parameters['reason'] !== packageReason) throw raw;
    return withoutFigures(error.message);
  }
}

function figuresWith({ Counter, Histogram, Registry }: typeof import('prom-client')): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: prefix + name, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Histogram({ name: prefix + name, help, labelNames, buckets, registers });

  const requests = counter('requests_total', 'Requests answered.', ['route', 'method', 'status']);
  const requestTime = histogram('request_duration_seconds', 'Time until the answer.', ['route']);
  const outcomes = counter('outcomes_total', 'Events of dances: issued, consented, denied and so on.', ['event']);
  const limited = counter('limited_total', 'Requests turned away by a limit.', ['limit']);
  const upstreamCalls = counter('upstream_requests_total', 'Requests to the upstream server.', ['call', 'outcome']);
  const upstreamTime = histogram('upstream_duration_seconds', 'Time of the upstream server.', ['call']);
  const storeTime = histogram('store_duration_seconds', 'Time of the store.', ['operation']);
  const storeFailures = counter('store_failures_total', 'Operations that the store failed.', ['operation']);
  return {
    request({ route, method, status, seconds }) {
      requests.inc({ route, method, status });
      requestTime.observe({ route }, seconds);
    },
    event({ name, reason }) {
      outcomes.inc({ event: name });
      if (name === 'limited') limited.inc({ limit: reason ?? 'other' });
    },
    upstream(call, outcome, seconds) {
      upstreamCalls.inc({ call, outcome });
      upstreamTime.observe({ call }, seconds);
    },
    store(operation, seconds, failed) {
      storeTime.observe({ operation }, seconds);
      if (failed) storeFailures.inc({ operation });
    },
    read: async () => ({ text: await registry.metrics(), contentType: registry.contentType }),
  };
}
