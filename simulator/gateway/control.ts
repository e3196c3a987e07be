import { setTimeout as delay } from 'node:timers/promises';
import { json, page, reply } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import type { Installation } from './installation.js';
import { missing } from './routes.js';
import type { GatewayState } from './state.js';
import type { CrashRecord, WriteRecord } from './types.js';
import { isWrite, writeFor } from './writes/index.js';
import { cloudTariff } from './writes/tariff.js';

/** What is kept of the writes that came in. */
interface WriteLog {
  readonly writes: WriteRecord[];
  readonly crashes: CrashRecord[];
}

/** What a write needs. */
export interface ControlParts {
  readonly installation: Installation;
  readonly writeLog: WriteLog;
  /** Aborted when the gateway closes. */
  readonly closed: AbortSignal;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Does something a while later, unless the gateway closes. */
function later({ closed }: ControlParts, milliseconds: number, act: () => void): void {
  // Closing ends the waiting with an error that means nothing else.
  delay(milliseconds, undefined, { signal: closed, ref: false }).then(act, () => undefined);
}

/** Puts changes into effect, and what somebody else does about them afterwards. */
function apply(parts: ControlParts, changes: Partial<GatewayState>): void {
  const { installation } = parts;
  const { switches, state } = installation.view();
  const before = Object.fromEntries(
    Object.keys(changes).map((key) => [key, state[key as keyof GatewayState]]),
  ) as Partial<GatewayState>;
  installation.change(changes);
  if (switches.revertWritesAfter !== undefined) {
    later(parts, switches.revertWritesAfter, () => {
      installation.change(before);
    });
  }
  if (switches.cloudRestoresAfter !== undefined && changes.tariff) {
    later(parts, switches.cloudRestoresAfter, () => {
      installation.change({ tariff: cloudTariff(installation.view()) });
    });
  }
}

/**
 * What comes of a permitted request that is not for reading: the answer, or nothing where the gateway goes down.
 * @param text the body as it came
 */
export function answerWrite(parts: ControlParts, method: string, path: string, text: string): Reply | undefined {
  const { installation, writeLog } = parts;
  const view = installation.view();
  if (!isWrite(method, path)) return page(405, '405 Not Allowed');
  const write = writeFor(view, method, path);
  const body = parsed(text);
  const outcome = write?.(view, body) ?? { kind: 'refused', status: 404, reason: '' };
  const status = outcome.kind === 'changed' ? 200 : outcome.kind === 'refused' ? outcome.status : 0;
  writeLog.writes.push({ at: Date.now(), method, path, body, status });
  if (outcome.kind === 'crashed') {
    writeLog.crashes.push({ at: Date.now(), path, reason: outcome.reason });
    return undefined;
  }
  if (outcome.kind === 'refused') {
    return status === 404 ? missing(view, path) : json(status, { status, error: `invalid ${outcome.reason}` });
  }
  if (!view.switches.ignoreWrites) apply(parts, outcome.changes);
  const after = view.switches.ignoreWrites
    ? { ...view, state: { ...view.state, ...outcome.changes } }
    : installation.view();
  const document = outcome.reply(after);
  return path.startsWith('/admin/') ? json(200, document) : reply(200, JSON.stringify(document, null, 4));
}
