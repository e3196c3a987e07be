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
  /** Requests at a time at most, each on a connection of its own. */
  readonly connections: number;
  /** Requests a second, evenly spaced whatever becomes of them; absent: the next one as soon as one is answered. */
  readonly rate?: number;
  readonly milliseconds: number;
}

/** What came of it. */
export interface LoadResult {
  /** Requests answered as they should. */
  readonly done: number;
  /** All others, by what was wrong. */
  readonly failures: Readonly<Record<string, number>>;
  readonly milliseconds: number;
  /** From the moment at which a request was due until it was answered, ms. */
  readonly median: number;
  readonly p99: number;
}
