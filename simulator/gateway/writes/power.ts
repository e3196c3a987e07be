import { liveMoves } from '../documents/live.js';
import type { View } from '../identity.js';
import { isObject } from '../state.js';
import type { JsonObject } from '../state.js';
import { changed, refused } from './outcome.js';
import type { Write } from './outcome.js';

/** The document of `/ivp/mod/603980032/mode/power` (spec/envoy 7.5). */
export function powerDocument({ state }: View): JsonObject {
  return { powerForcedOff: state.productionOff };
}

/** PUT `/ivp/mod/603980032/mode/power`: stops the inverters, or lets them go on. */
export const writePower: Write = (_, body) => {
  const { length, arr } = isObject(body) ? body : {};
  const [flag] = Array.isArray(arr) ? (arr as unknown[]) : [];
  if (length !== 1 || (flag !== 0 && flag !== 1)) return refused('arr');
  return changed({ productionOff: flag === 1 }, powerDocument);
};

/** POST `/ivp/livedata/stream`: live data move for a while (spec/envoy 7.2). */
export const writeLiveStream: Write = ({ switches, time }, body) => {
  if (switches.liveStatus !== undefined) return refused('stream', switches.liveStatus);
  const enable = isObject(body) ? body['enable'] : undefined;
  if (enable !== 0 && enable !== 1) return refused('enable');
  const until = enable === 1 ? time + switches.liveDuration : time;
  return changed({ live: { since: time, until } }, (view) => ({
    sc_stream: liveMoves(view) ? 'enabled' : 'disabled',
  }));
};
