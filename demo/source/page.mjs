import { cards, chartPoints, gauges, gatewayState, inverterRows, powers } from './functions.mjs';
import { style } from './style.mjs';
import { button, card, chargeGauge, chart, control, gauge, notification, table } from './widgets.mjs';

/** The body of a function as the text of a function node. */
export function body(code) {
  const lines = code.toString().split('\n').slice(1, -1);
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n');
}

function functionNode(tab, { id, name, code, x = 690, y, wires }) {
  return {
    id: `envoy-${id}`,
    type: 'function',
    z: tab,
    name,
    func: body(code),
    outputs: wires.length,
    timeout: 0,
    noerr: 0,
    initialize: '',
    finalize: '',
    libs: [],
    x,
    y,
    wires,
  };
}

const read = 'envoy-read';
const state = 'envoy-state';

/** From reading to widgets; `powers` first, since it tells live messages from readings. */
function functionNodes(tab) {
  const gaugeWires = [['envoy-production'], ['envoy-consumption'], ['envoy-charge']];
  const stateWires = [['envoy-gateway-card'], ['envoy-notification']];
  const powersWires = [
    ['envoy-gauges', 'envoy-battery-card', 'envoy-grid-card'],
    ['envoy-energy-card', 'envoy-points', 'envoy-rows', state, 'envoy-cards'],
  ];
  return [
    functionNode(tab, { id: 'powers', name: 'Powers', code: powers, x: 490, y: 180, wires: powersWires }),
    functionNode(tab, { id: 'gauges', name: 'Gauges', code: gauges, y: 140, wires: gaugeWires }),
    functionNode(tab, { id: 'points', name: 'Points of today', code: chartPoints, y: 340, wires: [['envoy-chart']] }),
    functionNode(tab, { id: 'rows', name: 'Rows of inverters', code: inverterRows, y: 380, wires: [['envoy-table']] }),
    functionNode(tab, { id: 'state', name: 'State and notification', code: gatewayState, y: 440, wires: stateWires }),
    functionNode(tab, { id: 'cards', name: 'Cards to show', code: cards, y: 520, wires: [['envoy-control']] }),
  ];
}

function widgets(tab) {
  return [
    gauge('production', { tab, label: 'Production', max: 5000, y: 100 }),
    gauge('consumption', { tab, label: 'Consumption', max: 9000, y: 140 }),
    chargeGauge({ tab, label: 'Charge', y: 180 }),
    card('battery', tab, { label: 'Battery now', order: 2, height: '2', y: 220 }),
    card('grid', tab, { label: 'Grid now', order: 1, height: '1', y: 260 }),
    card('grid', tab, { label: 'Energy', order: 2, height: '3', y: 300, from: 'energy' }),
    chart(tab),
    table(tab),
    card('gateway', tab, { label: 'State of the gateway', order: 1, height: '5', y: 420 }),
    notification(tab),
    style(tab),
    control(tab),
  ];
}

/**
 * The nodes of the page on the tab `tab`, fed by an `envoy-read` node that uses `gateway`, or one still to be chosen,
 * and reads every `interval` seconds beside its live readings.
 */
export function pageNodes(tab, gateway, interval) {
  return [
    {
      id: read,
      type: 'envoy-read',
      z: tab,
      name: 'Envoy',
      gateway,
      datasets: [],
      interval,
      stream: true,
      raw: false,
      x: 330,
      y: 200,
      wires: [['envoy-powers'], [state]],
    },
    {
      id: 'envoy-catch',
      type: 'catch',
      z: tab,
      name: '',
      scope: [read],
      uncaught: false,
      x: 330,
      y: 440,
      wires: [[state]],
    },
    button(tab, read),
    ...functionNodes(tab),
    ...widgets(tab),
  ];
}
