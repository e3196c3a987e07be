/** A pair of Node-RED and Node to test on. */
export interface Platform {
  /** As in `platforms`, such as `5.0`. */
  readonly name: string;
  /** Path of the program `node`. */
  readonly node: string;
  /** Folder of the package `node-red`. */
  readonly nodeRed: string;
  /** Version of Node-RED. */
  readonly version: string;
}

/** What each pair is made of, by its name; without `node` it is the Node that runs this. */
export const platforms: Readonly<Record<string, { readonly nodeRed: string; readonly node?: string }>>;

/** One pair, fetched where it is not there yet. Rejects with an `Error` that says why it cannot be had. */
export function findPlatform(name: string): Promise<Platform>;
