import { initialTariff, storageSettings, tariffDocument } from '../documents/tariff.js';
import type { View } from '../identity.js';
import { isObject } from '../state.js';
import type { JsonObject } from '../state.js';
import { changed, refused } from './outcome.js';
import type { Write } from './outcome.js';

/** A tariff with other storage settings. */
function withSettings(document: JsonObject, settings: JsonObject): JsonObject {
  const { tariff } = document;
  return { ...document, tariff: { ...(isObject(tariff) ? tariff : {}), storage_settings: settings } };
}

/**
 * PUT `/admin/lib/tariff`: what is sent replaces what was. While the schedules of the cloud rule (`opt_schedules`) and the
 * write does not end that, its mode is ignored (spec/envoy 5.3).
 */
export const writeTariff: Write = (view, body) => {
  const tariff = isObject(body) ? body['tariff'] : undefined;
  if (!isObject(body) || !isObject(tariff) || !isObject(tariff['currency'])) return refused('tariff');
  const now = storageSettings(view);
  const settings = tariff['storage_settings'];
  const ruled = now?.['opt_schedules'] === true && isObject(settings) && settings['opt_schedules'] !== false;
  const kept = ruled ? withSettings(body, { ...settings, mode: now['mode'], opt_schedules: true }) : body;
  return changed({ tariff: kept }, tariffDocument);
};

/** The tariff as the cloud puts it back: its own settings with the time of doing so. */
export function cloudTariff(view: View): JsonObject {
  const document = initialTariff(view);
  const settings = storageSettings({ ...view, state: { ...view.state, tariff: undefined } });
  if (!settings) return document;
  return withSettings(document, {
    ...settings,
    date: String(view.seconds(view.time)),
    ...(Object.hasOwn(settings, 'opt_schedules') && { opt_schedules: true }),
  });
}
