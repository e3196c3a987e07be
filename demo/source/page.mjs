import { chartPoints, gauges, gatewayState, inverterRows } from './functions.mjs';
import { button, card, chart, colors, gauge, notification, style, table } from './widgets.mjs';

/** The body of a function as the text of a function node. */
function body(code) {
  const lines = code.toString().split('\n').slice(1, -1);
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n');
}

function functionNode(tab, { id, name, code, outputs, y, wires }) {
  return {
    id: `envoy-${id}`,
    type: 'function',
    z: tab,
    name,
    func: body(code),
    outputs,
    timeout: 0,
    noerr: 0,
    initialize: '',
    finalize: '',
    libs: [],
    x: 540,
    y,
    wires,
  };
}

/** The nodes of the page on the tab `tab`, fed by an `envoy-read` node that uses `gateway`, or one still to be chosen. */
export function pageNodes(tab, gateway) {
  const read = 'envoy-read';
  const state = 'envoy-state';
  const parts = [
    functionNode(tab, {
      id: 'gauges',
      name: 'Gauges',
      code: gauges,
      outputs: 2,
      y: 140,
      wires: [['envoy-production'], ['envoy-consumption']],
    }),
    functionNode(tab, {
      id: 'points',
      name: 'Points of today',
      code: chartPoints,
      outputs: 1,
      y: 260,
      wires: [['envoy-chart']],
    }),
    functionNode(tab, {
      id: 'rows',
      name: 'Rows of inverters',
      code: inverterRows,
      outputs: 1,
      y: 320,
      wires: [['envoy-table']],
    }),
    functionNode(tab, {
      id: 'state',
      name: 'State and notification',
      code: gatewayState,
      outputs: 2,
      y: 400,
      wires: [['envoy-gateway-card'], ['envoy-notification']],
    }),
  ];
  return [
    {
      id: read,
      type: 'envoy-read',
      z: tab,
      name: 'Envoy',
      gateway,
      datasets: ['production', 'consumption', 'inverters'],
      interval: 10,
      stream: false,
      raw: false,
      x: 330,
      y: 200,
      wires: [['envoy-gauges', 'envoy-grid-card', 'envoy-points', 'envoy-rows', state], [state]],
    },
    {
      id: 'envoy-catch',
      type: 'catch',
      z: tab,
      name: '',
      scope: [read],
      uncaught: false,
      x: 330,
      y: 400,
      wires: [[state]],
    },
    button(tab, read),
    ...parts,
    gauge('production', colors.production, { tab, label: 'Production', max: 5000, y: 120 }),
    gauge('consumption', colors.consumption, { tab, label: 'Consumption', max: 9000, y: 160 }),
    card('grid', tab, { label: 'Grid and energy of today', order: 1, height: '4', y: 200 }),
    chart(tab),
    table(tab),
    card('gateway', tab, { label: 'State of the gateway', order: 1, height: '3', y: 380 }),
    notification(tab),
    style(tab),
  ];
}
