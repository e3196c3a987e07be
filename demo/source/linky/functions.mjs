/**
 * The code of the function nodes of the Linky pages. `scripts/flows.mjs` puts the body of each function, as it stands
 * here, into the flows; the names of the parameters are those that a function node knows.
 */

/**
 * What the card of the consent shows. It is given the three outputs of the device-flow node, its errors, what was pressed
 * on the card, and data of the meters, which tell that there is a consent already.
 */
export function consentState(msg, context) {
  const { topic = '', payload } = msg;
  const known = context.get('state') ?? { phase: 'idle' };
  const linked = (usagePoints, consentUntil) => ({
    phase: 'linked',
    usagePoints: usagePoints.map((usagePoint) => usagePoint.slice(-4)),
    consentUntil,
  });
  // What a person does here, rather than in the editor.
  const actions = {
    consent_denied: 'Start again, and agree at Enedis.',
    consent_expired: 'Start again, and consent with the new code.',
    code_expired: 'Start again, and enter the new code in time.',
  };
  const next = () => {
    if (topic.endsWith('/auth')) {
      const { code, message, action, retryable } = payload;
      const problem = { code, message, action: actions[code] ?? action };
      // What passes by itself does not end a code that waits.
      return known.phase === 'pending' && retryable ? { ...known, problem } : { phase: 'failed', problem };
    }
    if (msg.error) {
      return { phase: 'failed', problem: { message: String(msg.error.message).replace(/^\w*Error: /, '') } };
    }
    if (topic === 'start') return { phase: 'asking' };
    if (topic === 'cancel') return { phase: 'idle' };
    if (topic.endsWith('/prompt')) return { phase: 'pending', prompt: payload };
    if (topic.endsWith('/authorized')) return linked(payload.usagePoints, payload.consentUntil);
    return known.phase === 'idle' ? linked([msg.meter.usagePoint]) : known;
  };
  const state = next();
  context.set('state', state);
  return { payload: state };
}

/** After a consent: forgets what was shown of other meters, and has everything read. */
export function afterConsent(msg, flow) {
  const { usagePoints } = msg.payload;
  const known = Object.entries(flow.get('linky') ?? {});
  const ownOf = (meters) => Object.fromEntries(Object.entries(meters).filter(([id]) => usagePoints.includes(id)));
  flow.set('linky', Object.fromEntries(known.map(([dataset, meters]) => [dataset, ownOf(meters)])));
  return { topic: 'read' };
}

/** Remembers the values of days. Outputs: values of days, load curves. */
export function sortReadings(msg, flow) {
  const [, usagePoint, dataset] = msg.topic.split('/');
  if (dataset.endsWith('load_curve')) return [null, msg];
  const known = flow.get('linky') ?? {};
  flow.set('linky', { ...known, [dataset]: { ...known[dataset], [usagePoint]: msg.payload } });
  return [msg, null];
}

/**
 * Bars of the days, or of months where a year is shown: sums of the energy in kWh, the highest power in kVA. The topic
 * `view` says how much is shown. Outputs: energy, power, buttons.
 */
export function dailyBars(msg, flow) {
  if (msg.topic === 'view') flow.set('linkyView', msg.payload);
  const view = flow.get('linkyView') ?? 'month';
  const store = flow.get('linky') ?? {};
  const form = view === 'year' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  const label = new Intl.DateTimeFormat('en-GB', { ...form, timeZone: 'Europe/Paris' });
  const days = { month: 31, quarter: 92, year: 366 }[view];
  const valuesOf = (dataset, name) => {
    const meters = Object.entries(store[dataset] ?? {}).filter(([, readings]) => readings.length > 0);
    const seriesOf = (id) => (meters.length > 1 ? `${name} …${id.slice(-4)}` : name);
    return meters.flatMap(([id, readings]) => readings.map((reading) => ({ ...reading, series: seriesOf(id) })));
  };
  const bars = (values, join) => {
    const newest = values.reduce((latest, { start }) => Math.max(latest, start), 0);
    const shown = values.filter(({ start }) => start > newest - days * 86400000);
    const found = new Map();
    for (const { series, start, value } of shown.sort((one, other) => one.start - other.start)) {
      const at = label.format(start);
      const bar = found.get(`${series} ${at}`);
      found.set(`${series} ${at}`, { series, at, value: bar ? join(bar.value, value) : value });
    }
    return { payload: [...found.values()].map((bar) => ({ ...bar, value: Math.round(bar.value / 10) / 100 })) };
  };
  const energy = [...valuesOf('daily_consumption', 'Consumption'), ...valuesOf('daily_production', 'Production')];
  const power = valuesOf('daily_consumption_max_power', 'Highest power');
  return [bars(energy, (one, other) => one + other), bars(power, Math.max), { payload: view }];
}

/** Somebody picked a day, `YYYY-MM-DD`: it is read, from what is kept on disk where it was read before. */
export function pickDay(msg, flow) {
  const day = msg.payload;
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  flow.set('linkyDay', day);
  const after = new Date(Date.parse(day) + 86400000).toISOString().slice(0, 10);
  return { topic: 'day', from: day, to: after };
}

/** The curve of the day that was picked, or of the newest one. Outputs: chart, picker. */
export function curveOfDay(msg, flow, context) {
  const [, usagePoint, dataset] = msg.topic.split('/');
  const french = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });
  const dayOf = ({ start }) => french.format(start);
  const picked = flow.get('linkyDay');
  const day = picked ?? (msg.payload.length > 0 ? dayOf(msg.payload.at(-1)) : context.get('day'));
  if (day === undefined) return null;
  const name = dataset.startsWith('production') ? 'Production' : 'Consumption';
  const kept = context.get('day') === day ? context.get('curves') : {};
  const readings = msg.payload.filter((reading) => dayOf(reading) === day);
  // Something else than the day may have been read.
  const curves = readings.length > 0 || msg.from === day ? { ...kept, [`${name} ${usagePoint}`]: readings } : kept;
  context.set('day', day);
  context.set('curves', curves);
  // The chart gives colours in the order of the series.
  const names = Object.keys(curves)
    .sort()
    .map((key) => key.split(' '));
  const isOnly = (series) => names.filter(([each]) => each === series).length === 1;
  const points = names.flatMap(([series, id]) =>
    curves[`${series} ${id}`].map(({ start, end, value }) => ({
      series: isOnly(series) ? series : `${series} …${id.slice(-4)}`,
      at: (start + end) / 2,
      watts: value,
    })),
  );
  return [{ payload: points }, { payload: day }];
}

/**
 * The last seven days in kWh: what the panels made (the Envoy), what came from the grid and went into it (the Linky), and
 * what the house used, worked out of the three.
 */
export function panelsAndGrid(msg, flow, context) {
  if (msg.topic.startsWith('envoy/')) context.set('panels', msg.payload.production?.wattHoursLast7Days);
  const store = flow.get('linky') ?? {};
  const lastDays = (dataset) => {
    const all = Object.values(store[dataset] ?? {}).flat();
    const newest = all.reduce((latest, { end }) => Math.max(latest, end), 0);
    const week = all.filter(({ start }) => start > newest - 7.5 * 86400000);
    return week.length > 0 ? week.reduce((sum, { value }) => sum + value, 0) : undefined;
  };
  const panels = context.get('panels');
  const fromGrid = lastDays('daily_consumption');
  const intoGrid = lastDays('daily_production');
  const used = panels === undefined || fromGrid === undefined ? undefined : panels + fromGrid - (intoGrid ?? 0);
  const rows = [
    ['Panels', panels],
    ['Into grid', intoGrid],
    ['From grid', fromGrid],
    ['Used', used && Math.max(0, used)],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  return { payload: known.map(([name, value]) => ({ name, kWh: Math.round(value / 100) / 10 })) };
}

/** What the card of the meter shows. It is given readings, authentication errors, the errors of a Catch node, and a consent. */
export function meterState(msg, context) {
  const { topic = '', payload } = msg;
  const show = (card) => {
    context.set('card', card);
    return { payload: card };
  };
  const known = context.get('card') ?? { meters: {}, notes: {} };
  if (topic.endsWith('/authorized')) return show({ meters: {}, notes: {}, reading: true });
  if (topic.endsWith('/auth')) {
    const { code, message, action } = payload;
    const onPage = ['credentials_missing', 'consent_denied', 'consent_expired', 'code_expired'].includes(code);
    const problem = { code, message, action: onPage ? 'Consent on the page "Linky: consent".' : action };
    return show({ ...known, reading: false, problem });
  }
  if (msg.error) {
    const message = String(msg.error.message).replace(/^\w*Error: /, '');
    return show({ ...known, reading: false, problem: { code: msg.error.code, message } });
  }
  const words = {
    not_activated: 'No load curve is collected: activate it in your account at Enedis.',
    no_consent: 'A meter needs a new consent.',
    moved_out: 'Somebody moved out: a meter needs a new consent.',
    incomplete: 'Not everything could be read this time.',
  };
  const [, usagePoint, dataset] = topic.split('/');
  const { subscribedPower, offpeakHours } = msg.meter;
  const told = (msg.notes ?? []).map((note) => words[note]).filter(Boolean);
  return show({
    meters: { ...known.meters, [usagePoint.slice(-4)]: { subscribedPower, offpeakHours } },
    notes: { ...known.notes, [dataset]: told },
    readAt: Date.now(),
  });
}
