/** What is asked of a server over and over. */
export type Load =
  /** Polls of pending codes, one after the other, all of them before the first one's turn comes again. */
  | { readonly what: 'polls'; readonly codes: number; readonly first: number }
  /** The documents of the same codes, from the bare server. */
  | { readonly what: 'documents'; readonly codes: number; readonly first: number }
  /** One and the same GET. */
  | { readonly what: 'get'; readonly path: string; readonly headers: Readonly<Record<string, string>> };

/** To load a server on this machine for a while. */
export interface LoadOrder {
  readonly port: number;
  readonly load: Load;
  /** Requests at a time, each on a connection of its own. */
  readonly connections: number;
  readonly milliseconds: number;
}

/** What came of it. */
export interface LoadResult {
  /** Requests answered as they should. */
  readonly done: number;
  /** All others, by what was wrong. */
  readonly failures: Readonly<Record<string, number>>;
  readonly milliseconds: number;
  /** Of the answers, ms. */
  readonly median: number;
  readonly p99: number;
}
