import type { StorageParameters } from '../model/battery.js';

/** IQ batteries as an option has them. */
interface BatteryOptions {
  readonly count: number;
  /** Of one battery, Wh; default 5000. */
  readonly capacityWh?: number;
  /** Whether there is a system controller with them. */
  readonly withController?: boolean;
  /** In how many groups of the inventory they are listed; default 1. */
  readonly groups?: number;
}

/** What there is beside gateway and inverters, as options; nothing by default. */
export interface EquipmentOptions {
  readonly batteries?: BatteryOptions;
  readonly acBatteries?: number;
  readonly systemController?: boolean;
  /** Loads at the controller's dry contacts; by default where there is a controller. */
  readonly dryContacts?: boolean;
  readonly generator?: boolean;
  readonly collar?: boolean;
  readonly combiner?: boolean;
}

/** What there is beside gateway and inverters. */
export interface Equipment {
  /** Nothing where the inventory has no group of batteries; a group may be empty. */
  readonly batteries: { readonly count: number; readonly capacity: number; readonly groups: number } | undefined;
  readonly acBatteries: number;
  readonly systemController: boolean;
  readonly dryContacts: boolean;
  readonly generator: boolean;
  readonly collar: boolean;
  readonly combiner: boolean;
}

/** Of one AC battery, Wh and W. */
const acBatteryCapacity = 1240;
const acBatteryPower = 260;

/** The most that the generator gives, W. */
export const generatorPower = 11_000;

/** The equipment that options ask for. */
export function equipmentOf(options: EquipmentOptions): Equipment {
  const { batteries, acBatteries = 0, generator = false, collar = false, combiner = false } = options;
  const systemController = options.systemController ?? (batteries?.withController === true || generator);
  const listed = batteries ?? (systemController ? { count: 0 } : undefined);
  return {
    batteries: listed && {
      count: listed.count,
      capacity: listed.capacityWh ?? 5000,
      groups: Math.max(1, listed.groups ?? 1),
    },
    acBatteries,
    systemController,
    dryContacts: options.dryContacts ?? systemController,
    generator,
    collar,
    combiner,
  };
}

/** How capacity, Wh, and power, W, are made up of IQ and AC batteries. */
export function capacities({ batteries, acBatteries }: Equipment): {
  readonly battery: StorageParameters;
  readonly acBattery: StorageParameters;
} {
  const capacity = batteries ? batteries.count * batteries.capacity : 0;
  return {
    battery: { capacity, power: capacity / 2 },
    acBattery: { capacity: acBatteries * acBatteryCapacity, power: acBatteries * acBatteryPower },
  };
}

/** All batteries of a house together; nothing where there are none. */
export function storageOf(equipment: Equipment): (StorageParameters & { readonly devices: number }) | undefined {
  const { battery, acBattery } = capacities(equipment);
  const capacity = battery.capacity + acBattery.capacity;
  const devices = (equipment.batteries?.count ?? 0) + equipment.acBatteries;
  return capacity > 0 ? { capacity, power: battery.power + acBattery.power, devices } : undefined;
}
