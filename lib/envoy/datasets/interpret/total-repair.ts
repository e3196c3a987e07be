import type { MeasuredTotals, Totals } from './totals.js';

/** Whether total consumption holds the values of net consumption, as firmware 8.3.5433 and newer write it (spec 4.3). */
export function isOverwritten(total: Totals, net: Totals): boolean {
  return total.wattHoursLifetime === net.wattHoursLifetime && total.wattsNow === net.wattsNow;
}

function repaired<T extends Totals>(total: T, net: Totals, production: Totals): T {
  if (!isOverwritten(total, net)) return total;
  return {
    ...total,
    wattsNow: total.wattsNow + production.wattsNow,
    wattHoursLifetime: total.wattHoursLifetime + production.wattHoursLifetime,
  };
}

/**
 * Total consumption as it should be: where it holds the values of net consumption, production is added to the power
 * and the lifetime, for the whole and for each phase by its own comparison. Today and the seven days stay as they are.
 */
export function repairTotal(total: MeasuredTotals, net: MeasuredTotals, production: MeasuredTotals): MeasuredTotals {
  const whole = repaired(total, net, production);
  if (!total.phases) return whole;
  const phases = Object.entries(total.phases).map(([phase, values]) => {
    const [netPhase, productionPhase] = [net.phases?.[phase], production.phases?.[phase]];
    return [phase, netPhase && productionPhase ? repaired(values, netPhase, productionPhase) : values] as const;
  });
  return { ...whole, phases: Object.fromEntries(phases) };
}
