import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Collects the heads of all requests that leave this process, as they go over the wire, until `stop` is called. */
export function sentHeads(): { heads: string[]; stop: () => void } {
  const heads: string[] = [];
  const note = (message: unknown): void => {
    heads.push((message as { headers: string }).headers);
  };
  subscribe('undici:client:sendHeaders', note);
  return { heads, stop: () => unsubscribe('undici:client:sendHeaders', note) };
}

/** Resolved when the next request for a path leaves this process. */
export function sent(path: string): Promise<void> {
  return new Promise((resolve) => {
    const note = (message: unknown): void => {
      if (!/^\S+ (\S+?)[? ]/.exec((message as { headers: string }).headers)?.[1]?.startsWith(path)) return;
      unsubscribe('undici:client:sendHeaders', note);
      resolve();
    };
    subscribe('undici:client:sendHeaders', note);
  });
}
