import { Serial } from '../../async/serial.js';
import { normalizeUserCode } from '../codes.js';
import type { ProxyContext } from '../context.js';
import { hashed } from '../ids.js';
import { everybody, wrongCodeRules, wrongCodeRulesGlobal } from '../limits/rules.js';
import type { DeviceGrant } from '../records/types.js';

/** What a user code leads to. Expired, used and never issued ones cannot be told apart. */
export type CodeLookup =
  | { readonly kind: 'found'; readonly grantId: string; readonly grant: DeviceGrant }
  | { readonly kind: 'unknown' }
  /** Too many wrong ones; `wait` in ms. */
  | { readonly kind: 'limited'; readonly wait: number };

interface Queue {
  readonly serial: Serial;
  waiting: number;
}

/** Lookups under way, by requester. */
const queues = new Map<string, Queue>();

/** One lookup of a requester at a time: else a burst of guesses would be let in before the first is counted. */
async function inTurn<T>(requester: string, task: () => Promise<T>): Promise<T> {
  const queue = queues.get(requester) ?? { serial: new Serial(), waiting: 0 };
  queues.set(requester, queue);
  queue.waiting += 1;
  try {
    return await queue.serial.run(task);
  } finally {
    queue.waiting -= 1;
    if (queue.waiting === 0) queues.delete(requester);
  }
}

async function waitOfLimits({ limits, settings }: ProxyContext, requester: string): Promise<number> {
  const [own, all] = await Promise.all([
    limits.look(wrongCodeRules(settings.limits), requester),
    limits.look(wrongCodeRulesGlobal(settings.limits), everybody),
  ]);
  return Math.max(own.allowed ? 0 : own.wait, all.allowed ? 0 : all.wait);
}

async function countWrongCode({ limits, settings }: ProxyContext, requester: string): Promise<void> {
  await Promise.all([
    limits.take(wrongCodeRules(settings.limits), requester),
    limits.take(wrongCodeRulesGlobal(settings.limits), everybody),
  ]);
}

async function grantOf(
  { records, secrets, now }: ProxyContext,
  text: string,
): Promise<{ grantId: string; grant: DeviceGrant } | undefined> {
  const letters = normalizeUserCode(text);
  if (letters === undefined) return undefined;
  const userCodeHash = hashed(secrets, 'user_code', letters);
  const entry = await records.userCodes.get(userCodeHash);
  const grant = entry && (await records.deviceGrants.get(entry.grant));
  if (!entry || grant?.userCodeHash !== userCodeHash || now() >= grant.expiresAt) return undefined;
  const isOpen = grant.status === 'pending' || grant.status === 'authorizing';
  return isOpen ? { grantId: entry.grant, grant } : undefined;
}

/**
 * Looks up a user code as somebody typed it. Wrong ones are counted, by requester and of everybody together; whoever
 * gave too many is told so for right ones too (spec/device-flow D6, check 49).
 */
export async function lookUpUserCode(context: ProxyContext, text: string, requester: string): Promise<CodeLookup> {
  return inTurn(requester, async () => {
    const wait = await waitOfLimits(context, requester);
    if (wait > 0) {
      context.events({ name: 'limited', at: context.now(), reason: 'wrong_code' });
      return { kind: 'limited', wait };
    }
    const found = await grantOf(context, text);
    if (found) return { kind: 'found', ...found };
    await countWrongCode(context, requester);
    return { kind: 'unknown' };
  });
}
