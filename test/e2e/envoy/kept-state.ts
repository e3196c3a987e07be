import { EventEmitter, once } from 'node:events';
import { readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { GatewayMemory } from '../../../lib/envoy/memory.js';
import { createSealer, deriveKey } from '../../../lib/store/sealing.js';
import { credentialSecret } from '../../support/node-red/user-dir.js';
import { ids } from './flow.js';

const stateFile = `gateway-${ids.gateway}.sealed`;

/** The sealed file of the gateway as it lies on the disk at this moment. */
export function sealedState(userDir: string): string {
  return readFileSync(join(userDir, 'energy-nodes', stateFile), 'utf8');
}

/** What a sealed file holds. @throws where it is broken */
export async function openState(sealed: string): Promise<GatewayMemory> {
  const sealer = createSealer([deriveKey(credentialSecret, 'gateway-state')]);
  return JSON.parse(await sealer.open(sealed)) as GatewayMemory;
}

/** Files whose changes are told of: the gateway's state, what it is written to first, and the logins of the account. */
export type StateFile = 'state' | 'temporary' | 'account';

const kindOf = (name: string): StateFile | undefined => {
  if (name === stateFile) return 'state';
  if (name.startsWith(stateFile)) return 'temporary';
  return /^account-.*\.sealed$/.test(name) ? 'account' : undefined;
};

/** Watches what is kept in a user directory; the folder must be there. */
export function watchState(userDir: string): { next: (file: StateFile) => Promise<void>; stop: () => void } {
  const events = new EventEmitter();
  const watcher = watch(join(userDir, 'energy-nodes'), (_event, name) => {
    const kind = kindOf(name ?? '');
    if (kind) events.emit(kind);
  });
  return {
    next: async (file) => {
      await once(events, file);
    },
    stop: () => {
      watcher.close();
    },
  };
}
