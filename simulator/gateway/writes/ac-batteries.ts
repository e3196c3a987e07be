import { acUnits } from '../documents/units.js';
import type { View } from '../identity.js';
import { isObject } from '../state.js';
import type { JsonObject, SleepOrder } from '../state.js';
import { changed, refused } from './outcome.js';
import type { Write } from './outcome.js';

/** The document of `/admin/lib/acb_config`: the AC batteries that shall sleep. */
export function sleepDocument({ state }: View): JsonObject {
  const asleep = Object.entries(state.sleep).filter(([, order]) => order.asleep);
  return {
    acb_sleep: asleep.map(([serial, { minimum, maximum }]) => ({
      serial_num: serial,
      sleep_min_soc: minimum,
      sleep_max_soc: maximum,
    })),
  };
}

/** The orders of a body; nothing where one of them is for a battery that is not there. */
function ordersOf(view: View, body: unknown): readonly { serial: string; order: JsonObject }[] | undefined {
  const list = isObject(body) ? body['acb_sleep'] : undefined;
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const known = new Set(acUnits(view).map(({ serialNumber }) => serialNumber));
  const orders = (list as unknown[]).map((order) => (isObject(order) ? order : {}));
  const serials = orders.map((order) => order['serial_num']);
  if (!serials.every((serial): serial is string => typeof serial === 'string' && known.has(serial))) return undefined;
  return serials.map((serial, index) => ({ serial, order: orders[index] ?? {} }));
}

function percentage(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 100;
}

/** PUT `/admin/lib/acb_config`: AC batteries fall asleep (spec/envoy 5.4). */
export const writeSleep: Write = (view, body) => {
  const orders = ordersOf(view, body);
  if (!orders) return refused('acb_sleep');
  const sleep: Record<string, SleepOrder> = { ...view.state.sleep };
  for (const { serial, order } of orders) {
    const { sleep_min_soc: minimum, sleep_max_soc: maximum } = order;
    if (!percentage(minimum) || !percentage(maximum) || minimum > maximum) return refused('sleep_min_soc');
    sleep[serial] = { asleep: true, minimum, maximum, since: view.time };
  }
  return changed({ sleep }, sleepDocument);
};

/** DELETE `/admin/lib/acb_config`: AC batteries wake. */
export const writeWake: Write = (view, body) => {
  const orders = ordersOf(view, body);
  if (!orders) return refused('acb_sleep');
  const sleep: Record<string, SleepOrder> = { ...view.state.sleep };
  for (const { serial } of orders) {
    const { minimum = 25, maximum = 30 } = sleep[serial] ?? {};
    sleep[serial] = { asleep: false, minimum, maximum, since: view.time };
  }
  return changed({ sleep }, sleepDocument);
};
