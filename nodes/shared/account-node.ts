import type { Node } from 'node-red';
import type { DeviceFlowAccount } from '../../lib/device-flow/account.js';
import type { LinkyReader } from '../../lib/linky/reader/reader.js';

/** What the config node `enedis-account` offers to the nodes that use it (design 3.4). */
export interface AccountNode extends Node {
  /** The account, opened where it was not. @throws EnergyError `invalid_argument` for settings that cannot be used */
  openAccount(): Promise<DeviceFlowAccount>;
  /** The reader of its meters. @throws EnergyError `invalid_argument` where the account is for tokens only */
  openReader(): Promise<LinkyReader>;
}
