import type { NodeMessage } from 'node-red';
import type { ReadProgress, ReadResult } from '../../lib/linky/reader/reader.js';

/** How readings leave the node: all of a usage point in one message, or each in its own. */
export type Emit = 'array' | 'each';

/** A copy of the message that asked, to be filled. */
export type Copy = () => NodeMessage & Record<string, unknown>;

/** The sequence that a message belonged to, as the nodes Split and Join know it. */
interface Parts {
  readonly id: string;
  readonly parts?: unknown;
}

function withNews({ usagePoint, dataset, meter, missing, incomplete, notes }: ReadResult, copy: Copy) {
  const message = copy();
  // The message may have come through another node of this kind.
  delete message['missing'];
  delete message['incomplete'];
  delete message['notes'];
  return Object.assign(message, {
    topic: `linky/${usagePoint}/${dataset}`,
    meter: { ...meter },
    ...(missing.length > 0 && { missing: [...missing] }),
    ...(incomplete && incomplete.length > 0 && { incomplete: [...incomplete] }),
    ...(notes.length > 0 && { notes: [...notes] }),
  });
}

/**
 * The messages for what was read of one usage point (design 3.6). A contract is no series: its payload is the meter itself.
 * @param newId makes the id of a sequence
 */
export function resultMessages(result: ReadResult, emit: Emit, copy: Copy, newId: () => string): NodeMessage[] {
  if (result.dataset === 'contract') return [Object.assign(withNews(result, copy), { payload: { ...result.meter } })];
  if (emit === 'array') return [Object.assign(withNews(result, copy), { payload: result.readings })];
  const id = newId();
  const count = result.readings.length;
  return result.readings.map((payload, index) => {
    const message: NodeMessage & { parts?: Parts } = withNews(result, copy);
    const outer = message.parts;
    // As Split does it: Join puts the readings together again.
    const parts = { id, type: 'array', len: 1, count, index, ...(outer && { parts: outer }) };
    return Object.assign(message, { payload, parts });
  });
}

/** The message that tells how far a long read has come. */
export function progressMessage(progress: ReadProgress, copy: Copy): NodeMessage {
  const { usagePoint, dataset, done, total, waitingUntil } = progress;
  const payload = { done, total, ...(waitingUntil !== undefined && { waitingUntil }) };
  return Object.assign(copy(), { topic: `linky/${usagePoint}/${dataset}/progress`, payload });
}
