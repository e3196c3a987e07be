import type { ProxyContext } from '../context.js';
import type { ProxyRequest, ProxyResponse } from './types.js';

/** What answers one method of one path; what it throws becomes an answer in the kind's manner. */
export type RouteHandler = (context: ProxyContext, request: ProxyRequest) => Promise<ProxyResponse>;

/** One path of the proxy. */
export interface Route {
  /** Exact, or a prefix where it ends in `/*`. */
  readonly path: string;
  /** How failures are told: as JSON or as a page. */
  readonly kind: 'json' | 'page';
  /** Whether old clients are turned away first (spec/device-flow 1.0, version gate). */
  readonly versionGate?: boolean;
  /**
   * Whether GET changes nothing and costs nothing, so that HEAD may be answered by it. Elsewhere HEAD runs nothing: a
   * page answers 200 without a body, JSON 405.
   */
  readonly sideEffectFree?: boolean;
  /** By method; HEAD is answered where GET is, without side effects. */
  readonly methods: Readonly<Partial<Record<'GET' | 'POST', RouteHandler>>>;
}
