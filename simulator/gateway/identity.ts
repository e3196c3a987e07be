import type { Plant } from '../model/plant.js';
import type { Equipment } from './equipment.js';
import type { GatewayState } from './state.js';
import type { GatewaySwitches } from './switches.js';
import { since } from './version.js';

/** Which current transformer looks at the consumption. */
export type ConsumptionMeter = 'net' | 'total' | 'none';

/** What a gateway is at the moment; changed by its handle only. */
export interface Identity {
  serial: string;
  /** Dotted version without the letter in front. */
  firmware: string;
  /** Whether it has meter inputs, and whether the production meter is in use. */
  metered: boolean;
  productionMeter: boolean;
  consumption: ConsumptionMeter;
  /** Whether `/ivp/pdm/device_data` exists. */
  detailedInverters: boolean;
  /** Whether a current transformer looks at the batteries. */
  storageMeter: boolean;
  /** What the gateway knows of batteries and the like; what they do is up to the plant. */
  equipment: Equipment;
}

/** What documents are made from: the gateway, its plant and the moment. */
export interface View {
  readonly identity: Readonly<Identity>;
  readonly plant: Plant;
  /** What it was told, and how it misbehaves. */
  readonly state: GatewayState;
  readonly switches: Readonly<GatewaySwitches>;
  /** The plant's time, ms since the epoch. */
  readonly time: number;
  /** A time of the plant as the gateway tells it, seconds since the epoch. */
  readonly seconds: (plantTime: number) => number;
}

/** Whether requests need a token. */
export function usesTokens({ firmware }: Readonly<Identity>): boolean {
  return since(firmware, '7.0.0');
}

/** Whether production is measured by a current transformer. */
export function measuresProduction(identity: Readonly<Identity>): boolean {
  return identity.metered && identity.productionMeter;
}

/** Whether consumption is measured or computed. */
export function measuresConsumption(identity: Readonly<Identity>): boolean {
  return measuresProduction(identity) && identity.consumption !== 'none';
}

/** Whether the batteries are measured by a current transformer. */
export function measuresStorage(identity: Readonly<Identity>): boolean {
  return identity.metered && identity.storageMeter;
}
