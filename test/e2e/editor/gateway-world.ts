import { startCloud, startGateway, type SimulatedCloud, type SimulatedGateway } from '../../../simulator/index.js';

export const serial = '122600000042';

/** The account of the world; its password must never be seen again. */
export const account = { email: 'someone@example.com', password: 'a-password-never-to-be-seen', serials: [serial] };

/** A simulated gateway, and the cloud that gives tokens for it. */
export interface GatewayWorld {
  readonly cloud: SimulatedCloud;
  readonly gateway: SimulatedGateway;
  close(): Promise<void>;
}

/** Starts a gateway in the middle of the day, and its cloud. */
export async function startGatewayWorld(): Promise<GatewayWorld> {
  const cloud = await startCloud({ tls: false, accounts: [account] });
  const gateway = await startGateway({ serial, cloud, startAt: 13 });
  return {
    cloud,
    gateway,
    async close() {
      await gateway.close();
      await cloud.close();
    },
  };
}
