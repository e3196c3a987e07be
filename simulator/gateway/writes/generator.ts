import {
  currentConfig,
  currentSchedule,
  generatorConfigDocument,
  generatorModeDocument,
  generatorScheduleDocument,
} from '../documents/generator.js';
import type { View } from '../identity.js';
import { isObject } from '../state.js';
import type { JsonObject } from '../state.js';
import { changed, refused } from './outcome.js';
import type { Write } from './outcome.js';

/** The reply of a write: the document, or less than it where that is switched on (spec/envoy 5.5). */
function replied(document: (view: View) => JsonObject): (view: View) => unknown {
  return (view) => {
    if (!view.switches.incompleteReplies) return document(view);
    const [first] = Object.entries(document(view));
    return first ? Object.fromEntries([first]) : {};
  };
}

function complete(sent: unknown, current: JsonObject | undefined): sent is JsonObject {
  return isObject(sent) && current !== undefined && Object.keys(current).every((key) => Object.hasOwn(sent, key));
}

/** POST `/ivp/ss/gen_mode`. */
export const writeGeneratorMode: Write = (_, body) => {
  const command = isObject(body) ? body['gen_cmd'] : undefined;
  if (command !== 'off' && command !== 'on' && command !== 'auto') return refused('gen_cmd');
  return changed({ generatorMode: command }, replied(generatorModeDocument));
};

/** POST `/ivp/ss/gen_schedule`: the whole document. */
export const writeGeneratorSchedule: Write = (view, body) => {
  if (!complete(body, currentSchedule(view))) return refused('incomplete');
  const { start_soc: start, stop_soc: stop } = isObject(body['default_soc']) ? body['default_soc'] : {};
  if (typeof start !== 'number' || typeof stop !== 'number' || start >= stop) return refused('default_soc');
  return changed({ generatorSchedule: body }, replied(generatorScheduleDocument));
};

/** POST `/ivp/ss/gen_config`: the whole document; without batteries charging stays on whatever is sent (spec/envoy 5.5). */
export const writeGeneratorConfig: Write = (view, body) => {
  if (!complete(body, currentConfig(view)) || typeof body['charge_from_generator'] !== 'boolean') {
    return refused('incomplete');
  }
  const charged = (view.identity.equipment.batteries?.count ?? 0) > 0;
  const generatorConfig = charged ? body : { ...body, charge_from_generator: true };
  return changed({ generatorConfig }, replied(generatorConfigDocument));
};
