import type { NodeAPI, NodeDef } from 'node-red';
import type { DeviceFlowAccount } from '../../lib/device-flow/account.js';
import { deviceFlowSettings } from '../../lib/device-flow/settings.js';
import type { LinkyReader } from '../../lib/linky/reader/reader.js';
import { onClose } from '../shared/handler.js';
import { packageVersion } from '../shared/package-version.js';
import { openStorage } from '../shared/storage.js';
import { accountTexts, localized } from '../shared/texts.js';
import { serveAdmin } from './admin.js';
import { dataSource } from './data-source.js';
import type { TestableNode } from './test-connection.js';

type AccountDefinition = NodeDef & Readonly<Record<string, unknown>>;

/** Registers the config node `enedis-account`: one account, shared by all nodes that use it. */
export default function register(RED: NodeAPI): void {
  const storage = openStorage(RED);
  const texts = accountTexts(RED);

  function EnedisAccount(this: TestableNode, config: AccountDefinition): void {
    RED.nodes.createNode(this, config);
    const memory = storage.enedis(this.id);
    let account: Promise<DeviceFlowAccount> | undefined;
    let reader: Promise<LinkyReader> | undefined;

    const settingsOf = async () => deviceFlowSettings(config, this.credentials, await packageVersion());
    const start = async (): Promise<DeviceFlowAccount> => {
      const settings = await settingsOf();
      const { createDeviceFlowAccount } = await import('../../lib/device-flow/device-flow-account.js');
      const opened = await createDeviceFlowAccount({ settings, memory });
      opened.listen({ onStorageFailure: (error) => this.warn(localized(error, texts).message) });
      return opened;
    };

    const startReader = async (): Promise<LinkyReader> => {
      const { api, dataEndpoint } = dataSource(config, (await settingsOf()).server);
      const { createLinkyReader } = await import('../../lib/linky/reader/create.js');
      const { createMeterApi } = await import('../../lib/linky/api/create.js');
      return createLinkyReader({
        account: await this.openAccount(),
        api: createMeterApi(api, dataEndpoint),
        store: storage.readings(this.id),
      });
    };

    this.accountSettings = settingsOf;
    this.openAccount = () => (account ??= start());
    this.openReader = () => (reader ??= startReader());
    onClose(this, async (removed) => {
      await (await reader?.catch(() => undefined))?.close();
      await (await account?.catch(() => undefined))?.close();
      if (!removed) return;
      await memory.retire();
      await storage.readings(this.id).clear();
    });
  }

  RED.nodes.registerType('enedis-account', EnedisAccount as never, {
    credentials: { clientSecret: { type: 'password' }, token: { type: 'password' } },
  });
  serveAdmin(RED, texts);
}
