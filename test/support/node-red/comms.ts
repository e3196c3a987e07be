import { WebSocket } from 'undici';
import { Waiting } from './waiting.js';

/** What the runtime publishes to every open editor. */
interface Publication {
  /** Such as `debug` or `status/<node id>`. */
  readonly topic: string;
  readonly data: unknown;
}

/** The publications that an open editor would get. */
export interface Comms {
  /** Oldest first. */
  readonly publications: readonly Publication[];
  /** Resolves with the first publication that `wanted` accepts, those already there included. */
  waitFor(wanted: (publication: Publication) => boolean, limit?: number): Promise<Publication>;
  close(): void;
}

/** Listens to a Node-RED as an open editor does; `url` has no slash at the end. */
export async function listenToComms(url: string, topics: readonly string[] = ['debug', 'status/#']): Promise<Comms> {
  const publications: Publication[] = [];
  const waiting = new Waiting();
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/comms`);
  socket.addEventListener('message', ({ data }) => {
    const received = JSON.parse(String(data)) as Publication | Publication[];
    publications.push(...(Array.isArray(received) ? received : [received]).filter(({ topic }) => topic));
    waiting.changed();
  });
  socket.addEventListener('close', () => waiting.end(new Error('the connection was closed')));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('error', () => reject(new Error(`No connection to ${url}/comms`)));
  });
  for (const topic of topics) socket.send(JSON.stringify({ subscribe: topic }));
  return {
    publications,
    waitFor: (wanted, limit) => waiting.until('a publication', () => publications.find(wanted), limit),
    close: () => socket.close(),
  };
}
