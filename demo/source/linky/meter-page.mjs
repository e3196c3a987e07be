import { consentStateNode } from './consent-page.mjs';
import { afterConsent, curveOfDay, dailyBars, meterState, panelsAndGrid, pickDay, sortReadings } from './functions.mjs';
import { groups } from './layout.mjs';
import { card, catchNode, comment, functionNode } from './nodes.mjs';
import { balanceChart, curveChart, dayPicker, energyChart, powerChart, readButton, viewButtons } from './widgets.mjs';

const info = `The page *Linky* of the dashboard shows a year of daily values, the load curve of a day, the highest power of each day, and
what the panels make against what the meter counts.

- Everything is read after a consent, at the start of the flow, once a day after 8 in France, and with **Read now**. What was
  read is on disk: nothing is asked of Enedis twice.
- The load curve has to be activated at Enedis. Pick any day of the last two years: it is read when it is not kept yet.
- Times on the axis of the curve are those of the browser.
- Errors are told in words on the card *Meter*.
- *Panels and grid*: *Envoy* gives what the panels made in 7 days, the Linky what came from the grid and went into it. The house
  used the panels' energy and that of the grid, less what went into it. In the demo the two belong to different simulated houses.`;

/** Values of days and curves, with the first day that is read. */
const reads = [
  { id: 'linky-consumption', name: 'Consumption', dataset: 'daily_consumption', from: '-1y', y: 480 },
  { id: 'linky-production', name: 'Production', dataset: 'daily_production', from: '-1y', y: 540 },
  { id: 'linky-max-power', name: 'Highest power', dataset: 'daily_consumption_max_power', from: '-1y', y: 600 },
  { id: 'linky-curve-in', name: 'Consumption curve', dataset: 'consumption_load_curve', from: '-7d', y: 660 },
  { id: 'linky-curve-out', name: 'Production curve', dataset: 'production_load_curve', from: '-7d', y: 720 },
];
const readIds = reads.map(({ id }) => id);
const curveIds = ['linky-curve-in', 'linky-curve-out'];

/** Told of a consent: reads, and the card of the meter. */
export const afterConsentNodes = ['linky-after-consent', 'linky-meter-state'];

function readNode(tab, account, { id, name, dataset, from, y }) {
  const range = { dataset, from, to: '', usagePoint: '' };
  const sent = { emit: 'array', daily: true, progress: false };
  const wires = [['linky-sort', 'linky-meter-state', consentStateNode], ['linky-meter-state']];
  return { id, type: 'linky-read', z: tab, name, account, ...range, ...sent, x: 360, y, wires };
}

function startNode(tab) {
  return {
    id: 'linky-start',
    type: 'inject',
    z: tab,
    name: 'at the start',
    props: [{ p: 'topic', vt: 'str' }],
    repeat: '',
    crontab: '',
    once: true,
    onceDelay: '5',
    topic: 'read',
    x: 130,
    y: 360,
    wires: [readIds],
  };
}

/** At the start it tells charts what their dialogs have no field for. */
function lookNode(tab, { id, name, y, options, charts }) {
  const props = [{ p: 'ui_update', v: JSON.stringify({ chartOptions: options }), vt: 'json' }];
  const times = { repeat: '', crontab: '', once: true, onceDelay: 0.1 };
  return { id, type: 'inject', z: tab, name, props, ...times, topic: '', x: 670, y, wires: [charts] };
}

/** Below the axis there is room for whole letters; four labels find room on a phone, too. */
function lookNodes(tab) {
  const grid = { bottom: 28 };
  const all = { grid, xAxis: { axisLabel: { interval: 0 } } };
  const charts = ['linky-energy', 'linky-power', 'linky-curve'];
  return [
    lookNode(tab, { id: 'linky-look', name: 'room for labels', y: 200, options: { grid }, charts }),
    lookNode(tab, { id: 'linky-look-balance', name: 'all labels', y: 360, options: all, charts: ['linky-balance'] }),
  ];
}

function envoyNode(tab, gateway) {
  return {
    id: 'linky-envoy',
    type: 'envoy-read',
    z: tab,
    name: 'Envoy',
    gateway,
    datasets: ['production'],
    interval: 900,
    stream: false,
    raw: false,
    x: 370,
    y: 320,
    wires: [['linky-balance-rows'], []],
  };
}

function functions(tab) {
  const node = (id, name, code, place, wires) => functionNode(tab, { id, name, code, ...place, wires });
  const daily = ['linky-bars', 'linky-balance-rows'];
  const charts = [['linky-energy'], ['linky-power'], ['linky-view']];
  const curve = [['linky-curve'], ['linky-day']];
  return [
    node('linky-after-consent', 'After a consent', afterConsent, { x: 140, y: 420 }, [readIds]),
    node('linky-sort', 'Days and curves', sortReadings, { x: 600, y: 400 }, [daily, ['linky-day-curve']]),
    node('linky-bars', 'Bars', dailyBars, { x: 640, y: 260 }, charts),
    node('linky-balance-rows', 'Panels and grid', panelsAndGrid, { x: 670, y: 320 }, [['linky-balance']]),
    node('linky-day-curve', 'Curve of the day', curveOfDay, { x: 720, y: 440 }, curve),
    node('linky-pick', 'Picked day', pickDay, { x: 130, y: 620 }, [curveIds]),
    node('linky-meter-state', 'State of the meter', meterState, { x: 670, y: 560 }, [['linky-meter-card']]),
  ];
}

function widgets(tab) {
  const shape = { name: 'Card of the meter', from: 'meter', group: groups.meter, width: 4, height: 6 };
  return [
    viewButtons(tab, ['linky-bars']),
    energyChart(tab),
    powerChart(tab),
    balanceChart(tab),
    curveChart(tab),
    dayPicker(tab, ['linky-pick']),
    readButton(tab, readIds),
    card(tab, { id: 'linky-meter-card', ...shape, x: 930, y: 560 }),
  ];
}

/** The nodes behind the page *Linky* on the tab `tab`. */
export function meterNodes(tab, account, gateway) {
  return [
    comment('linky-meter-comment', tab, 'Charts of the meter, at /dashboard/linky', { x: 230, y: 280 }, info),
    startNode(tab),
    envoyNode(tab, gateway),
    ...reads.map((read) => readNode(tab, account, read)),
    catchNode(tab, { id: 'linky-meter-catch', scope: readIds, x: 360, y: 780, wires: [['linky-meter-state']] }),
    ...functions(tab),
    ...lookNodes(tab),
    ...widgets(tab),
  ];
}
