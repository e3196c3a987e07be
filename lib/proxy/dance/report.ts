import { randomBytes } from 'node:crypto';
import { newId } from '../codes.js';
import type { ProxyContext } from '../context.js';
import type { AuditEvent } from '../records/types.js';

/** A short random word that is shown on a page and stands in the event that belongs to it (spec/device-flow D14). */
export function newCorrelation(): string {
  return randomBytes(6).toString('hex');
}

/** Writes an event to the operator's log; that it could not be written is no reason to stop a dance. */
export async function writeAudit(
  { records, now }: Pick<ProxyContext, 'records' | 'now'>,
  event: Omit<AuditEvent, 'at'>,
): Promise<void> {
  try {
    await records.auditEvents.create(newId(), { ...event, at: now() }, 'quick');
  } catch {
    // The event itself also goes to the event sink.
  }
}
