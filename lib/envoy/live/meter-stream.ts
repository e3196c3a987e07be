import { EnergyError } from '../../errors.js';
import { framed, noFraming } from './framing.js';
import { meterMessage, streamPath } from './meter-message.js';
import type { LiveReading, LiveView } from './reading.js';
import type { LiveGateway, LiveTiming } from './source.js';

/** What readings are made with. */
export interface LiveContext {
  readonly gateway: LiveGateway;
  readonly view: LiveView;
  readonly timing: LiveTiming;
  readonly signal: AbortSignal;
  /** Told how many lines were no messages. */
  readonly onSkipped: (count: number) => void;
}

/** The newest reading among messages, and how many of them were none. */
function newestOf(messages: readonly unknown[], readAt: number, view: LiveView): [LiveReading | undefined, number] {
  const readings = messages.map((message) => meterMessage(message, readAt, view));
  const found = readings.filter((reading) => reading !== undefined);
  return [found.at(-1), readings.length - found.length];
}

/**
 * Readings of `/stream/meter` as they come, until it ends. Of those that come together the newest counts.
 * @throws EnergyError of the session, `reply_incomplete` where it ends, `reply_invalid` where nothing but garbage comes
 */
export async function* meterReadings(context: LiveContext): AsyncGenerator<LiveReading, never> {
  const { gateway, view, timing, signal, onSkipped } = context;
  const { now, idle } = timing;
  const chunks = await gateway.stream(streamPath, { idle, signal });
  let framing = noFraming;
  let last = now();
  for await (const chunk of chunks) {
    const { framing: next, messages, skipped } = framed(framing, chunk);
    framing = next;
    const [reading, others] = newestOf(messages, now(), view);
    if (skipped + others > 0) onSkipped(skipped + others);
    if (reading) {
      last = now();
      yield reading;
    } else if (now() - last >= idle) {
      throw new EnergyError('reply_invalid', `${streamPath} sends nothing that is a reading.`, {
        parameters: { path: streamPath },
      });
    }
  }
  throw new EnergyError('reply_incomplete', `The gateway ended ${streamPath}.`, { parameters: { path: streamPath } });
}
