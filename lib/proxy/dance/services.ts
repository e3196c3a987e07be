import { setTimeout as pause } from 'node:timers/promises';
import { addDays } from '../../linky/paris.js';
import { isUsagePoint } from '../../linky/usage-point.js';
import type { SubscribedService, Upstream } from '../upstream/upstream.js';

/** Right after a consent the service may not be there yet: so often it is asked for, ms apart (spec/device-flow 4.10.2). */
const mostTries = 3;
const betweenTries = 800;
/** No further try begins after this time, ms: people wait for the page. */
const longestSearch = 4000;

/**
 * The services that a consent of this authorisation brought: of this very authorisation, access, not ended
 * (spec/device-flow D1b (2), check 68).
 */
function consentedServices(
  services: readonly SubscribedService[],
  autorisationId: string,
): readonly SubscribedService[] {
  return services.filter(
    (service) =>
      service.autorisationId === autorisationId &&
      service.code === 'ACCES' &&
      (service.state === 'ACTIF' || service.state === 'DEMANDE') &&
      isUsagePoint(service.usagePoint),
  );
}

/**
 * The services of a consent that was just given; none where Enedis does not know of it yet.
 * @throws ProxyError where Enedis refuses or does not answer
 */
export async function awaitServices(upstream: Upstream, autorisationId: string): Promise<readonly SubscribedService[]> {
  const started = performance.now();
  for (let tries = 1; ; tries += 1) {
    const found = consentedServices(await upstream.services(autorisationId), autorisationId);
    const spent = performance.now() - started + betweenTries;
    if (found.length > 0 || tries >= mostTries || spent > longestSearch) return found;
    await pause(betweenTries);
  }
}

/** Whether a service began so few days ago that it may come from the consent at hand (spec/device-flow D1b (3)). */
export function beganRecently({ from }: SubscribedService, today: string, days: number): boolean {
  return from !== undefined && from >= addDays(today, -days);
}
