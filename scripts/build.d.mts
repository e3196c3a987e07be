/** What a build may be told. */
export interface BuildOptions {
  /** Prints nothing. */
  quiet?: boolean;
  /** The package to build; by default the one that this script belongs to. */
  root?: string;
  /** Ends it before it is done, as a failure. */
  signal?: AbortSignal;
}

/**
 * Builds the package into `dist/`; does nothing where nothing changed since the last build. Resolves to whether there was
 * something to do; rejects with an `Error` that says what is wrong with the sources.
 */
export function build(options?: BuildOptions): Promise<boolean>;
