import type { ServerResponse } from 'node:http';
import { resetConnection } from '../shared/faults.js';
import { streamMessage } from './documents/meters.js';
import type { View } from './identity.js';
import type { StreamSettings } from './switches.js';

/** What `/stream/meter` sends from and until when. */
export interface StreamParts {
  readonly view: () => View;
  readonly settings: Readonly<StreamSettings>;
  readonly closed: AbortSignal;
}

function pieces(text: string, size: number | undefined): string[] {
  if (size === undefined || size < 1) return [text];
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );
}

/** Writes one piece after the other, each in a turn of its own, so that they do not travel together. */
async function writePieces(response: ServerResponse, parts: readonly string[]): Promise<void> {
  for (const part of parts) {
    if (response.destroyed) return;
    response.write(part);
    if (parts.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Sends what there is to send, message by message, the way the fault of the moment has it. */
function createSender(response: ServerResponse, settings: Readonly<StreamSettings>): (message: object) => void {
  let sent = 0;
  let held: string[] = [];
  let writing = Promise.resolve();
  const write = (text: string): void => {
    writing = writing.then(() => writePieces(response, pieces(text, settings.chunkSize)));
  };
  return (message) => {
    const { fault } = settings;
    const line = `data: ${JSON.stringify(message)}\n\n`;
    const due = fault && (fault.kind === 'buffered' || sent >= (fault.after ?? 0)) ? fault : undefined;
    sent++;
    if (due?.kind === 'silent') return;
    if (due?.kind === 'cut') {
      response.write(line.slice(0, line.length / 2), () => {
        resetConnection(response);
      });
    } else if (due?.kind === 'garbage' && sent % 2 === 0) {
      write('data: {"production": <<<\n\n\u0000\u0001 no message\n\n');
    } else {
      held.push(line);
      if (due?.kind === 'buffered' && held.length < (due.messages ?? 20)) return;
      write(held.join(''));
      held = [];
    }
  };
}

/** Sends meter readings until either side ends it (spec/envoy 7.1). */
export function sendStream({ view, settings, closed }: StreamParts, response: ServerResponse): void {
  // The client may have gone while its token was checked: then nothing would ever end the timer.
  if (closed.aborted || response.destroyed) return;
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.flushHeaders();
  const send = createSender(response, settings);
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    send(streamMessage(view()));
    timer = setTimeout(next, settings.interval);
  };
  const stop = (): void => {
    clearTimeout(timer);
    closed.removeEventListener('abort', stop);
  };
  response.once('close', stop);
  closed.addEventListener('abort', stop, { once: true });
  next();
}
