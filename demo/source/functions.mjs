/**
 * The code of the function nodes of the dashboard. `scripts/flows.mjs` puts the body of each function, as it stands
 * here, into the flows; the names of the parameters are those that a function node knows.
 */

/**
 * Adds `powers` to a message: W, and % for the charge; the grid's above 0 is drawn from it, the battery's above 0 comes
 * out of it. Live messages come once a second: a reading shows their powers as long as they come, so that nothing jumps
 * to and fro. Outputs: every message, readings only.
 */
export function powers(msg, context) {
  const { readAt, production, consumption, grid, battery, netConsumption } = msg.payload;
  const isLive = msg.topic.endsWith('/live');
  const known = {
    production: production?.wattsNow,
    consumption: consumption?.wattsNow,
    grid: grid?.wattsNow,
    battery: battery?.wattsNow,
    stateOfCharge: battery?.stateOfCharge,
  };
  // What a gateway with batteries counts as consumption has their charging in it: the house gets the sum of all sources.
  const sum = known.production + known.grid + known.battery;
  if (!isLive && netConsumption && !isNaN(sum)) known.consumption = sum;
  const own = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  if (isLive) context.set('live', { readAt, own });
  const live = context.get('live');
  msg.powers = live && readAt - live.readAt < 5000 ? { ...own, ...live.own } : own;
  return [msg, isLive ? null : msg];
}

/**
 * Readings for the gauges. Outputs: production, consumption, charge. What a gateway does not measure moves no gauge, and
 * the production gauge grows with the inverters.
 */
export function gauges(msg) {
  const { production, consumption, stateOfCharge } = msg.powers;
  const shown = (value) => (value === undefined ? null : { payload: Math.max(0, Math.round(value)) });
  const { inverters } = msg.payload;
  if (!inverters) return [shown(production), shown(consumption), shown(stateOfCharge)];
  const most = Object.values(inverters).reduce((sum, { maxReportWatts }) => sum + (maxReportWatts ?? 0), 0);
  const max = Math.max(1000, Math.ceil(Math.max(most, production) / 500) * 500);
  return [{ ...shown(production), ui_update: { max } }, shown(consumption), shown(stateOfCharge)];
}

/**
 * Shows the cards of what the gateway has, and hides the others: an empty gauge looks like a fault. It names them, so
 * whoever gives the page or one of these cards another name changes it here, too.
 */
export function cards(msg) {
  const { payload, powers } = msg;
  const has = (...features) => features.some((feature) => payload.gateway.features.includes(feature));
  const page = 'Solar production';
  const groups = {
    [`${page}:Battery`]: has('batteries', 'acBatteries'),
    [`${page}:Consumption now`]: has('totalConsumption') || powers.consumption !== undefined,
  };
  const widgets = { [`${page}:Grid and energy:Grid now`]: has('totalConsumption', 'netConsumption') };
  const sorted = (all) => {
    const names = (shown) => Object.keys(all).filter((name) => all[name] === shown);
    return { show: names(true), hide: names(false) };
  };
  return { payload: { groups: sorted(groups), widgets: sorted(widgets) } };
}

/**
 * Points for the chart of today. The flow remembers each reading of the last ten minutes, one mean a minute for the last
 * hour and one per five minutes before that, so that whoever opens the page late sees the whole day. `envoySamples` may
 * hold what was read before the start. The time axis, from midnight on, is told to the chart once a day.
 */
export function chartPoints(msg, flow, global) {
  const minute = 60000;
  const widthAt = (age) => (age > 60 * minute ? 5 * minute : age > 10 * minute ? minute : 1);
  const { readAt } = msg.payload;
  const { production, consumption } = msg.powers;
  const midnight = new Date(readAt).setHours(0, 0, 0, 0);
  // At night a meter may count a little below zero: the inverters' own use.
  const positive = (watts) => watts && Math.max(0, watts);
  const newest = { at: readAt, count: 1, production: positive(production), consumption: positive(consumption) };
  const mean = (one, other, key) => {
    if (one[key] === undefined || other[key] === undefined) return one[key] ?? other[key];
    return (one[key] * one.count + other[key] * other.count) / (one.count + other.count);
  };
  const means = new Map();
  for (const sample of [...(flow.get('samples') ?? global.get('envoySamples') ?? []), newest]) {
    if (sample.at < midnight || sample.at > readAt) continue;
    const width = widthAt(readAt - sample.at);
    const at = Math.floor(sample.at / width) * width;
    const known = means.get(at) ?? { at, count: 0 };
    means.set(at, {
      at,
      count: known.count + sample.count,
      production: mean(known, sample, 'production'),
      consumption: mean(known, sample, 'consumption'),
    });
  }
  const samples = [...means.values()];
  flow.set('samples', samples);
  const points = samples.flatMap(({ at, production: produced, consumption: used }) => [
    { series: 'Production', at, watts: produced },
    { series: 'Consumption', at, watts: used },
  ]);
  const known = points.filter((point) => point.watts !== undefined);
  const shown = { payload: known.map((point) => ({ ...point, watts: Math.round(point.watts) })) };
  if (flow.get('day') === midnight) return shown;
  flow.set('day', midnight);
  return [[{ ui_update: { chartOptions: { xAxis: { min: midnight } } } }, shown]];
}

/** Rows for the table of inverters, by serial number. */
export function inverterRows(msg) {
  const rows = Object.values(msg.payload.inverters ?? {}).map((inverter) => ({
    serial: inverter.serialNumber,
    watts: inverter.lastReportWatts,
    most: inverter.maxReportWatts,
    // The gateway gives seconds; an inverter that never reported has 0.
    report: inverter.lastReportDate
      ? new Date(inverter.lastReportDate * 1000).toLocaleTimeString([], {
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        })
      : 'never',
  }));
  return { payload: rows.sort((one, other) => String(one.serial).localeCompare(String(other.serial))) };
}

/**
 * What the card of the gateway shows, and what is worth a notification. It is given data, authentication errors and the
 * errors of a Catch node. Outputs: card, notification. The same authentication error is told once until reading works
 * again, and whenever somebody pressed the button.
 */
export function gatewayState(msg, context) {
  const pressed = msg._client !== undefined;
  const { payload } = msg;
  if (!msg.error) {
    const { gateway, readAt, warnings = [], inverters, batteries } = payload;
    const counted = (things, one, many) => {
      const count = Object.keys(things ?? {}).length;
      return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
    };
    const equipment = [
      ...counted(inverters, 'inverter', 'inverters'),
      ...counted(batteries?.units, 'battery', 'batteries'),
    ].join(', ');
    const card = { gateway, readAt, warnings, equipment };
    context.set('card', card);
    context.set('told', undefined);
    const done = { payload: 'Signed in again.', ui_update: { color: '#2e7d32', displayTime: 5 } };
    return [{ payload: card }, pressed ? done : null];
  }
  const known = context.get('card') ?? {};
  // Where there are no live data the gauges follow the readings: nothing is wrong with the gateway.
  if (msg.error.code === 'feature_not_available') return [null, null];
  if (!String(msg.topic).endsWith('/auth')) {
    const message = String(msg.error.message).replace(/^\w*Error: /, '');
    return [{ payload: { ...known, problem: { code: msg.error.code, message } } }, null];
  }
  const { code, message, action } = payload;
  const told = context.get('told') === code;
  context.set('told', code);
  const escaped = (text) => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);
  const notification = {
    payload: `<strong>${escaped(message)}</strong><br>${escaped(action)}`,
    ui_update: { color: '#b3261e', displayTime: 30 },
  };
  return [{ payload: { ...known, problem: { code, message, action } } }, told && !pressed ? null : notification];
}
