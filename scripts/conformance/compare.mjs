/** Whole numbers may differ by their rounding. */
const rounding = 0.5 + 1e-7;
/** Other numbers may differ by this part of themselves. */
const precision = 1e-6;

/** What is keyed by serial numbers, phases or ids: the keys stay as they are, and there must be no others. */
class Table {
  constructor(entries) {
    this.entries = entries ?? {};
  }
}

function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function membersOf(record) {
  return record instanceof Table ? record.entries : record;
}

/** Whether there is nothing: null, or a record in which there is nothing. */
function isNothing(value) {
  if (value === null || value === undefined) return true;
  return isRecord(value) && Object.values(membersOf(value)).every(isNothing);
}

function camelCase(name) {
  return name.replaceAll(/_([a-z0-9])/g, (_, next) => next.toUpperCase());
}

/** One entry for each key that one of the tables has; `combine` gets what each of them has under it. */
function joined(tables, combine) {
  const present = tables.map((table) => table ?? {});
  const keys = new Set(present.flatMap((table) => Object.keys(table)));
  return new Table(Object.fromEntries([...keys].map((key) => [key, combine(...present.map((table) => table[key]))])));
}

function withPhases(total, phases) {
  return isNothing(total) && isNothing(phases) ? null : { ...total, phases: new Table(phases) };
}

function gatewayOf({ serial, firmware, part_number, is_metered: metered, phase_count, phase_mode }) {
  return { serial, firmware, part_number, metered, phase_count, phase_mode };
}

/** The expected values as the tree that a payload is, its keys still in snake case. */
function treeOf(expected) {
  const { data = {} } = expected;
  const total = (name) => withPhases(data[name], data[`${name}_phases`]);
  return {
    gateway: gatewayOf(expected),
    production: total('system_production'),
    consumption: total('system_consumption'),
    net_consumption: total('system_net_consumption'),
    meters: joined([data.ctmeters, data.ctmeters_phases], withPhases),
    inverters: new Table(data.inverters),
    batteries: {
      aggregate: data.encharge_aggregate,
      units: joined([data.encharge_inventory, data.encharge_power], (unit, power) => ({ ...unit, ...power })),
    },
    ac_batteries: { power: data.acb_power, units: new Table(data.acb_inventory) },
    battery_aggregate: data.battery_aggregate,
    system_controller: data.enpower,
    collar: data.collar,
    combiner: data.c6cc,
    generator: {
      state: data.generator,
      config: data.generator_config,
      mode: data.generator_mode,
      schedule: data.generator_schedule,
    },
    dry_contacts: joined([data.dry_contact_status, data.dry_contact_settings], (status, settings) => ({
      status: status?.status,
      settings,
    })),
    tariff: data.tariff,
    interface: expected.interface,
  };
}

function shown(value) {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function isClose(wanted, got) {
  const room = Number.isInteger(wanted) ? rounding : precision * Math.max(1, Math.abs(wanted));
  return typeof got === 'number' && Math.abs(got - wanted) <= room;
}

function inTable({ entries }, got, where) {
  const missing = Object.entries(entries).flatMap(([key, value]) => inValue(value, got[key], `${where}.${key}`));
  const extra = Object.keys(got).filter((key) => !(key in entries));
  return [...missing, ...extra.map((key) => `${where}.${key}: this system has none`)];
}

function inRecord(wanted, got, where) {
  return Object.entries(wanted).flatMap(([name, value]) => {
    const key = camelCase(name);
    return inValue(value, got[key] ?? got[name], where === '' ? key : `${where}.${key}`);
  });
}

function inArray(wanted, got, where) {
  if (!Array.isArray(got) || got.length !== wanted.length) {
    return [`${where}: expected ${wanted.length} entries, got ${shown(got)}`];
  }
  return wanted.flatMap((value, index) => inValue(value, got[index], `${where}[${index}]`));
}

function inValue(wanted, got, where) {
  if (isNothing(wanted)) return isNothing(got) ? [] : [`${where}: expected nothing, got ${shown(got)}`];
  if (Array.isArray(wanted)) return inArray(wanted, got, where);
  if (isRecord(wanted)) {
    if (!isRecord(got)) return [`${where}: missing`];
    return wanted instanceof Table ? inTable(wanted, got, where) : inRecord(wanted, got, where);
  }
  const same = typeof wanted === 'number' ? isClose(wanted, got) : got === wanted;
  return same ? [] : [`${where}: expected ${shown(wanted)}, got ${shown(got)}`];
}

/**
 * Holds a payload of `envoy-read` (design section 4) against the expected values of a recorded system, whose names are in
 * snake case: one line for each difference. Whole numbers may differ by 0.5, others by one part in a million. What is null
 * in the expected values must be absent from the payload; what they do not name is not looked at. Nothing differs where
 * they hold an `error`.
 */
export function differences(expected, payload) {
  return expected.error ? [] : inRecord(treeOf(expected), payload, '');
}
