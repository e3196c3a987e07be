import { hostText } from './addresses.js';
import type { FoundGateway } from './found-gateway.js';

/** Asks a host who it is, as `identify` of `lib/envoy` does; the signal says when nobody waits for it any more. */
export type Identify = (
  host: string,
  signal: AbortSignal,
) => Promise<{ readonly serial: string; readonly firmware: string }>;

/** How long asking may take. */
export interface IdentifyLimits {
  /** Milliseconds for one host. */
  readonly each: number;
  /** Milliseconds for all of them; who was not asked by then stays without firmware. */
  readonly all: number;
}

interface Deadline {
  readonly signal: AbortSignal;
  readonly each: number;
  /** On the clock of `performance.now`. */
  readonly ends: number;
}

function hostsOf({ host, addresses }: FoundGateway): string[] {
  const port = Number(/:(\d+)$/.exec(host)?.[1] ?? 0);
  return [...new Set([host, ...addresses.map((address) => hostText(address, port))])];
}

/** The answer, or `undefined` where there is none in time. */
async function answerOf(identify: Identify, host: string, deadline: Deadline) {
  const patience = new AbortController();
  const giveUp = () => patience.abort();
  const limit = Math.min(deadline.each, deadline.ends - performance.now());
  const timer = setTimeout(giveUp, Math.max(0, limit));
  deadline.signal.addEventListener('abort', giveUp, { once: true });
  // Whoever identifies may not listen to the signal.
  const gaveUp = new Promise<undefined>((resolve) => {
    patience.signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([identify(host, patience.signal), gaveUp]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    deadline.signal.removeEventListener('abort', giveUp);
  }
}

async function identified(gateway: FoundGateway, identify: Identify, deadline: Deadline): Promise<FoundGateway> {
  for (const host of hostsOf(gateway)) {
    if (deadline.signal.aborted || performance.now() >= deadline.ends) break;
    const answer = await answerOf(identify, host, deadline);
    if (answer?.serial === gateway.serial) return { ...gateway, host, firmware: answer.firmware };
  }
  return gateway;
}

/**
 * Asks the gateways found for their firmware, one host at a time. A gateway with several addresses is asked at the
 * next one where the first does not answer, and the one that answered becomes its `host`. Who does not answer in time,
 * or answers with another serial number than announced, stays as it is, without firmware. Never raises.
 */
export async function identifyFound(
  found: readonly FoundGateway[],
  identify: Identify,
  limits: IdentifyLimits,
  signal: AbortSignal,
): Promise<FoundGateway[]> {
  const deadline: Deadline = { signal, each: limits.each, ends: performance.now() + limits.all };
  const gateways: FoundGateway[] = [];
  for (const gateway of found) gateways.push(await identified(gateway, identify, deadline));
  return gateways;
}
