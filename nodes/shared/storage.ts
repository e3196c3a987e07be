import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { AccountMemory } from '../../lib/device-flow/memory.js';
import type { GuardState } from '../../lib/enlighten/login-guard.js';
import type { GatewayMemory } from '../../lib/envoy/memory.js';
import { linkyMemory, openLinkyDirectory, type LinkyStore } from '../../lib/linky/reader/store.js';
import { readIfPresent } from '../../lib/store/atomic-file.js';
import { keptInMemory, SealedFile, type Kept } from '../../lib/store/sealed-file.js';
import { createSealer, deriveKey, keyFromFile, type Sealer } from '../../lib/store/sealing.js';

/** Something kept that can be put aside when its owner is removed. */
type Retirable<T> = Kept<T> & { retire(): Promise<void> };

/** Where the package keeps what must survive a restart: sealed files below the Node-RED user directory. */
export interface Storage {
  /** The memory of one gateway's session, by the id of its config node. */
  gateway(id: string): Retirable<GatewayMemory>;
  /** The logins of one account. */
  account(id: string): Kept<GuardState>;
  /** The tokens and the dance of an account for Linky data, by the id of its config node. */
  enedis(id: string): Retirable<AccountMemory>;
  /** What was read of its meters. */
  readings(id: string): LinkyStore;
}

interface RuntimeSettings {
  readonly userDir?: string;
  readonly readOnly?: boolean;
  readonly credentialSecret?: unknown;
}

async function sealerFor(directory: string, secret: unknown): Promise<Sealer> {
  const keyFile = join(directory, 'seal.key');
  if (typeof secret !== 'string' || secret === '') return createSealer([await keyFromFile(keyFile)]);
  const derived = deriveKey(secret, 'gateway-state');
  // A secret that was set later: what the key file sealed still opens.
  const earlier = (await readIfPresent(keyFile)) === undefined ? [] : [await keyFromFile(keyFile)];
  return createSealer([derived, ...earlier]);
}

/** A name for a file or a directory of an id, whatever characters it has. */
function nameOf(kind: string, id: string): string {
  return `${kind}-${id.replace(/[^A-Za-z0-9_-]/g, (each) => `%${each.charCodeAt(0).toString(16)}`)}`;
}

/** The storage of a Node-RED runtime; in memory only where its settings are read-only. */
export function openStorage(RED: NodeAPI): Storage {
  const settings = RED.settings as unknown as RuntimeSettings;
  if (settings.readOnly === true) {
    const memory = <T>(): Retirable<T> => ({ ...keptInMemory<T>(), retire: () => Promise.resolve() });
    return { gateway: memory, account: memory, enedis: memory, readings: linkyMemory };
  }
  const directory = join(settings.userDir ?? join(homedir(), '.node-red'), 'energy-nodes');
  let sealer: Promise<Sealer> | undefined;
  const open = () =>
    (sealer ??= mkdir(directory, { recursive: true, mode: 0o700 })
      .then(() => sealerFor(directory, settings.credentialSecret))
      .catch((error: unknown) => {
        sealer = undefined;
        throw error;
      }));
  const files = <T>(kind: string) => {
    // One object per file, so that the last write of an old session comes before the first read of a new one.
    const known = new Map<string, SealedFile<T>>();
    return (id: string) => {
      const file = known.get(id) ?? new SealedFile<T>(join(directory, `${nameOf(kind, id)}.sealed`), open);
      known.set(id, file);
      return file;
    };
  };
  const readings = new Map<string, LinkyStore>();
  return {
    gateway: files<GatewayMemory>('gateway'),
    account: files<GuardState>('account'),
    enedis: files<AccountMemory>('enedis'),
    readings: (id) => {
      const known = readings.get(id) ?? openLinkyDirectory(join(directory, nameOf('linky', id)), open);
      readings.set(id, known);
      return known;
    },
  };
}
