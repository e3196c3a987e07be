import type { AuthenticationCode, ErrorParameters } from '../errors.js';
import type { Kept } from '../store/sealed-file.js';
import type { KeptToken } from './held-token.js';

/** What one gateway's session keeps between runs. It holds secrets and is only ever kept sealed. */
export interface GatewayMemory {
  /** The host that all of this belongs to. */
  readonly host: string;
  /** Fingerprint of the certificate seen first. */
  readonly certificate?: string;
  /** Whether the firmware seen last wants tokens. */
  readonly tokens?: boolean;
  /** What the gateway called its time zone last. */
  readonly timeZone?: string;
  readonly token?: KeptToken;
  readonly cookies?: readonly (readonly [string, string])[];
  /** Lifetime counters seen last and the counters of the day, of the gateway with this serial number. */
  readonly counters?: { readonly serial: string; readonly quality: unknown; readonly day: unknown };
  /** A rejection that holds until a person acts, with the hash of the credentials that it is about. */
  readonly blocked?: {
    readonly credentials: string;
    readonly code: AuthenticationCode;
    readonly message: string;
    readonly details: { readonly parameters: ErrorParameters; readonly account?: string; readonly expiresAt?: number };
  };
}

/**
 * The memory of a session, read once and written when it changes. A write that fails is reported and otherwise
 * ignored: reading a gateway does not depend on the disk.
 */
export class SessionMemory {
  readonly #kept: Kept<GatewayMemory>;
  readonly #onFailure: (error: unknown) => void;
  #value: GatewayMemory;
  #isRead = false;
  #written: Promise<void> = Promise.resolve();

  private constructor(kept: Kept<GatewayMemory>, value: GatewayMemory, onFailure: (error: unknown) => void) {
    this.#kept = kept;
    this.#value = value;
    this.#onFailure = onFailure;
  }

  /** Reads what is kept. The certificate of another host is not taken over: the host was changed by a person. */
  static async load(
    kept: Kept<GatewayMemory>,
    host: string,
    onFailure: (error: unknown) => void,
  ): Promise<SessionMemory> {
    const memory = new SessionMemory(kept, { host }, onFailure);
    await memory.#read().catch(onFailure);
    return memory;
  }

  get value(): GatewayMemory {
    return this.#value;
  }

  /** Changes some of it; `undefined` removes a part. Resolved when it is safe, or when the failure was reported. */
  async change(part: { [Key in keyof GatewayMemory]?: GatewayMemory[Key] | undefined }): Promise<void> {
    // What could not be read a while ago must not be written over if it can be read now.
    if (!this.#isRead) await this.#read().catch(() => undefined);
    const next = Object.fromEntries(
      Object.entries({ ...this.#value, ...part }).filter(([, each]) => each !== undefined),
    );
    this.#value = next as unknown as GatewayMemory;
    const written = this.#kept.write(this.#value).catch(this.#onFailure);
    this.#written = this.#written.then(() => written);
    await written;
  }

  async #read(): Promise<void> {
    const stored = await this.#kept.read();
    this.#isRead = true;
    if (!stored) return;
    const usable = stored.host === this.#value.host ? stored : { ...(stored.token && { token: stored.token }) };
    this.#value = { ...usable, ...this.#value };
  }

  /** Resolved when every change so far is safe, or its failure reported. */
  async settled(): Promise<void> {
    await this.#written;
  }
}
