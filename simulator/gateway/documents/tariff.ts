import { usualOperation } from '../../model/operation.js';
import type { View } from '../identity.js';
import { isObject } from '../state.js';
import type { JsonObject } from '../state.js';
import { since } from '../version.js';

function initialSettings({ plant, identity, seconds }: View): JsonObject {
  return {
    mode: usualOperation.mode,
    operation_mode_sub_type: '',
    reserved_soc: usualOperation.reserve,
    very_low_soc: usualOperation.veryLow,
    charge_from_grid: usualOperation.chargeFromGrid,
    date: String(seconds(plant.parameters.commissionedAt)),
    ...(since(identity.firmware, '8.2.4200') && { opt_schedules: false }),
  };
}

function hasStorage({ identity: { firmware, equipment } }: View): boolean {
  return since(firmware, '7.0.0') && (equipment.batteries !== undefined || equipment.acBatteries > 0);
}

/** The tariff that a gateway has before anybody writes another: two rates, and storage settings where there are batteries. */
export function initialTariff(view: View): JsonObject {
  const { plant, seconds } = view;
  const day = {
    id: 'all_days',
    days: 'Mon,Tue,Wed,Thu,Fri,Sat,Sun',
    must_charge_start: 0,
    must_charge_duration: 0,
    must_charge_mode: 'CG',
    periods: [
      { id: 'filler', start: 1350, rate: 0.1635 },
      { id: 'period_1', start: 390, rate: 0.2146 },
    ],
  };
  return {
    tariff: {
      currency: { code: 'EUR' },
      logger: 'simulator',
      date: String(seconds(plant.parameters.commissionedAt)),
      ...(hasStorage(view) && { storage_settings: initialSettings(view) }),
      single_rate: { rate: 0.2146, sell: 0.04 },
      seasons: [{ id: 'all_year_long', start: '1/1', days: [day], tiers: [] }],
      seasons_sell: [],
    },
    schedule: { source: 'Tariff', date: new Date(plant.parameters.commissionedAt).toISOString(), version: '00.00.02' },
  };
}

/** The document of `/admin/lib/tariff` (spec/envoy 4.13). */
export function tariffDocument(view: View): JsonObject {
  return view.state.tariff ?? initialTariff(view);
}

/** The storage settings of the moment. */
export function storageSettings(view: View): JsonObject | undefined {
  const { tariff } = tariffDocument(view);
  const settings = isObject(tariff) ? tariff['storage_settings'] : undefined;
  return isObject(settings) ? settings : undefined;
}
