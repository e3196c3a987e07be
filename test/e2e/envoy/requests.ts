import { EventEmitter, once } from 'node:events';
import type { RequestLog } from '../../../simulator/index.js';

/** Tells of the requests that reach a simulated server. */
export interface RequestWatch {
  /** Resolves when the next request to the path has come in. */
  next(path: string): Promise<void>;
  /** Resolves when the answer to a request to the path has gone out, of those that come in from now on. */
  nextAnswer(path: string): Promise<void>;
  /** Calls back at every request, before it is answered. */
  onRequest(callback: (path: string) => void): void;
}

/** Watches a server's log from now on. */
export function watchRequests(log: RequestLog): RequestWatch {
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const record = log.record.bind(log);
  log.record = (request, response, path, query) => {
    record(request, response, path, query);
    events.emit('request', path);
    events.emit(`request ${path}`);
    response.once('finish', () => events.emit(`answer ${path}`));
  };
  return {
    next: async (path) => {
      await once(events, `request ${path}`);
    },
    nextAnswer: async (path) => {
      await once(events, `answer ${path}`);
    },
    onRequest: (callback) => {
      events.on('request', callback);
    },
  };
}
