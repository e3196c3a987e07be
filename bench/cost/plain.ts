import { Agent } from 'undici';
import type { Access } from './gateways.js';

/** The baseline: sequential requests over one connection that is kept, JSON.parse, nothing else. */
export interface PlainClient {
  /** Asks for the paths one after the other. */
  read(paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** `/info` is XML, the check of a token a page: the baseline takes them as text. */
const isJson = (path: string): boolean => !/^\/(info|auth)/.test(path);

/** A baseline client of one gateway. */
export function plainClient({ host, token }: Access): PlainClient {
  const agent = new Agent({ connections: 1, pipelining: 1, connect: { rejectUnauthorized: false } });
  const headers = { accept: 'application/json', authorization: `Bearer ${token}` };
  return {
    read: async (paths) => {
      for (const path of paths) {
        const { statusCode, body } = await agent.request({ origin: `https://${host}`, path, method: 'GET', headers });
        const text = await body.text();
        if (statusCode === 200 && isJson(path)) JSON.parse(text);
      }
    },
    close: () => agent.close(),
  };
}
