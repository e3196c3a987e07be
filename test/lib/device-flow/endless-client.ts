import { createDeviceFlowAccount } from '../../../lib/device-flow/device-flow-account.js';
import type { AccountMemory } from '../../../lib/device-flow/memory.js';
import { deviceFlowSettings } from '../../../lib/device-flow/settings.js';
import { SealedFile } from '../../../lib/store/sealed-file.js';
import { createSealer, deriveKey } from '../../../lib/store/sealing.js';

// Renews its tokens and uses them, for ever.
const [server = '', path = ''] = process.argv.slice(2);
const sealer = createSealer([deriveKey('a secret of the user', 'test')]);
const memory = new SealedFile<AccountMemory>(path, () => Promise.resolve(sealer));
const settings = deviceFlowSettings({ server, clientId: 'client', api: 'none' });
const account = await createDeviceFlowAccount({ settings, memory });
for (;;) {
  await account.refresh();
  await account.send({ url: new URL(`${server}/data`) });
}
