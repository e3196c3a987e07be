import type { Form } from '../http/form.js';
import { hashed } from '../ids.js';
import type { Secrets } from '../secrets.js';

/** The PHP server's own spelling, that of its README, and that of the authorization-code mode (spec/device-flow 1.11). */
const spellings = ['usage_points_id', 'usages_point_id', 'usage_point_id'] as const;

/** The usage points that a refresh names, separated by `,` or `;`; `undefined` where it names none. */
export function readUsagePointList(form: Form): string[] | undefined {
  for (const name of spellings) {
    const list = form
      .get(name)
      ?.split(/[,;]/)
      .map((text) => text.trim())
      .filter((text) => text !== '');
    if (list && list.length > 0) return list;
  }
  return undefined;
}

/** Whether a list names the same usage points as those kept, in whatever order. */
export function namesSame(secrets: Secrets, list: readonly string[], hashes: readonly string[]): boolean {
  const given = new Set(list.map((usagePoint) => hashed(secrets, 'usage_point', usagePoint)));
  const kept = new Set(hashes);
  return given.size === kept.size && [...given].every((hash) => kept.has(hash));
}
