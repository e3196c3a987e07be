import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chartPoints, gauges, gatewayState, inverterRows } from './functions.mjs';

const colors = { production: '#f0a000', consumption: '#3f6fd8' };

/** The body of a function as the text of a function node. */
function body(code) {
  const lines = code.toString().split('\n').slice(1, -1);
  return lines.map((line) => line.replace(/^ {2}/, '')).join('\n');
}

function template(name) {
  return readFileSync(fileURLToPath(new URL(`${name}.vue.html`, import.meta.url)), 'utf8').trim();
}

const base = {
  id: 'envoy-ui-base',
  type: 'ui-base',
  name: 'Dashboard',
  path: '/dashboard',
  appIcon: '',
  includeClientData: true,
  acceptsClientConfig: ['ui-notification', 'ui-control'],
  showPathInSidebar: false,
  headerContent: 'page',
  navigationStyle: 'none',
  titleBarStyle: 'default',
  showReconnectNotification: true,
  notificationDisplayTime: 5,
  showDisconnectNotification: true,
  allowInstall: false,
};

const theme = {
  id: 'envoy-ui-theme',
  type: 'ui-theme',
  name: 'Light',
  colors: {
    surface: '#ffffff',
    primary: '#1f6f54',
    bgPage: '#f3f5f7',
    groupBg: '#ffffff',
    groupOutline: '#dfe3e8',
  },
  sizes: {
    density: 'default',
    pagePadding: '12px',
    groupGap: '12px',
    groupBorderRadius: '8px',
    widgetGap: '10px',
  },
};

const page = {
  id: 'envoy-ui-page',
  type: 'ui-page',
  name: 'Solar production',
  ui: base.id,
  path: '/envoy',
  icon: 'solar-power',
  layout: 'grid',
  theme: theme.id,
  breakpoints: [
    { name: 'Default', px: '0', cols: '3' },
    { name: 'Tablet', px: '576', cols: '6' },
    { name: 'Small Desktop', px: '900', cols: '12' },
    { name: 'Desktop', px: '1024', cols: '12' },
  ],
  order: 1,
  className: '',
  visible: 'true',
  disabled: 'false',
};

function group(id, name, order, width, height) {
  const shape = { width: String(width), height: String(height), order, showTitle: true, className: '' };
  const shown = { visible: 'true', disabled: 'false', groupType: 'default' };
  return { id: `envoy-ui-${id}`, type: 'ui-group', name, page: page.id, ...shape, ...shown };
}

const groups = {
  production: group('production', 'Production now', 1, 3, 4),
  consumption: group('consumption', 'Consumption now', 2, 3, 4),
  grid: group('grid', 'Grid', 3, 3, 4),
  gateway: group('gateway', 'Gateway', 4, 3, 4),
  today: group('today', 'Today', 5, 7, 6),
  inverters: group('inverters', 'Inverters', 6, 5, 6),
};

/** The config nodes of the page. */
export const pageConfig = [base, theme, page, ...Object.values(groups)];

function gauge(name, color, place) {
  const sizes = { width: '3', height: '4', sizeThickness: 18, sizeGap: 4, sizeKeyThickness: 0 };
  const value = { value: 'payload', valueType: 'msg', min: 0, max: place.max };
  const look = { gtype: 'gauge-34', gstyle: 'rounded', title: '', alwaysShowTitle: false, units: 'W' };
  const text = { floatingTitlePosition: 'top-left', icon: '', prefix: '', suffix: '' };
  return {
    id: `envoy-${name}`,
    type: 'ui-gauge',
    z: place.tab,
    name: place.label,
    group: groups[name].id,
    order: 1,
    ...value,
    ...sizes,
    ...look,
    ...text,
    segments: [{ from: '0', color, text: '', textType: 'label' }],
    styleRounded: true,
    styleGlow: false,
    className: '',
    x: 770,
    y: place.y,
    wires: [[]],
  };
}

function chart(tab) {
  const axes = {
    xAxisLabel: '',
    xAxisProperty: 'at',
    xAxisPropertyType: 'property',
    xAxisType: 'time',
    xAxisFormat: '{HH}:{mm}',
    xAxisFormatType: 'HH:mm',
    xmin: '',
    xmax: '',
    yAxisLabel: 'W',
    yAxisProperty: 'watts',
    yAxisPropertyType: 'property',
    ymin: '0',
    ymax: '',
  };
  const look = {
    stackSeries: false,
    pointShape: 'false',
    pointRadius: 2,
    showLegend: true,
    colors: [colors.production, colors.consumption, '#7b8794'],
    textColor: ['#5b6470'],
    textColorDefault: false,
    gridColor: ['#e5e7eb'],
    gridColorDefault: false,
    interpolation: 'linear',
  };
  return {
    id: 'envoy-chart',
    type: 'ui-chart',
    z: tab,
    group: groups.today.id,
    name: 'Chart of today',
    label: '',
    order: 1,
    chartType: 'line',
    category: 'series',
    categoryType: 'property',
    ...axes,
    bins: 10,
    action: 'replace',
    ...look,
    removeOlder: '1',
    removeOlderUnit: '86400',
    removeOlderPoints: '',
    width: '7',
    height: '6',
    className: '',
    x: 770,
    y: 260,
    wires: [[]],
  };
}

function column(title, key, align) {
  return { title, key, keyType: 'key', type: 'text', width: '', align };
}

function table(tab) {
  return {
    id: 'envoy-table',
    type: 'ui-table',
    z: tab,
    group: groups.inverters.id,
    name: 'Table of inverters',
    label: '',
    order: 1,
    width: '5',
    height: '6',
    maxrows: '0',
    passthru: false,
    autocols: false,
    showSearch: false,
    deselect: true,
    selectionType: 'none',
    columns: [
      column('Serial', 'serial', 'start'),
      column('W now', 'watts', 'end'),
      column('W max', 'most', 'end'),
      column('Report', 'report', 'end'),
    ],
    mobileBreakpoint: '',
    mobileBreakpointType: 'none',
    action: 'replace',
    className: 'envoy-inverters',
    x: 770,
    y: 320,
    wires: [[]],
  };
}

function card(name, tab, place) {
  return {
    id: `envoy-${name}-card`,
    type: 'ui-template',
    z: tab,
    group: groups[name].id,
    page: '',
    ui: '',
    name: place.label,
    order: place.order,
    width: '3',
    height: place.height,
    head: '',
    format: template(name),
    storeOutMessages: true,
    passthru: false,
    resendOnRefresh: true,
    templateScope: 'local',
    className: '',
    x: 770,
    y: place.y,
    wires: [[]],
  };
}

function style(tab) {
  const css = `.envoy-inverters .v-table th,
.envoy-inverters .v-table td {
  height: 34px !important;
  padding: 0 8px !important;
  white-space: nowrap;
}
@media (max-width: 575px) {
  .envoy-inverters .v-table th,
  .envoy-inverters .v-table td {
    font-size: 12px !important;
    letter-spacing: normal;
    padding: 0 4px !important;
  }
}`;
  return {
    id: 'envoy-style',
    type: 'ui-template',
    z: tab,
    group: '',
    page: page.id,
    ui: '',
    name: 'Compact table',
    order: 0,
    width: 0,
    height: 0,
    head: '',
    format: css,
    storeOutMessages: true,
    passthru: false,
    resendOnRefresh: true,
    templateScope: 'page:style',
    className: '',
    x: 770,
    y: 520,
    wires: [[]],
  };
}

function button(tab, read) {
  return {
    id: 'envoy-reauthenticate',
    type: 'ui-button',
    z: tab,
    group: groups.gateway.id,
    name: '',
    label: 'Re-authenticate',
    order: 2,
    width: '3',
    height: '1',
    emulateClick: false,
    tooltip: 'Drops the token, signs in anew and reads',
    color: '',
    bgcolor: '',
    className: '',
    icon: 'shield-refresh-outline',
    iconPosition: 'left',
    payload: '',
    payloadType: 'date',
    topic: 'reauthenticate',
    topicType: 'str',
    buttonColor: '',
    textColor: '',
    iconColor: '',
    enableClick: true,
    enablePointerdown: false,
    pointerdownPayload: '',
    pointerdownPayloadType: 'str',
    enablePointerup: false,
    pointerupPayload: '',
    pointerupPayloadType: 'str',
    x: 140,
    y: 200,
    wires: [[read]],
  };
}

const notification = (tab) => ({
  id: 'envoy-notification',
  type: 'ui-notification',
  z: tab,
  ui: base.id,
  position: 'bottom right',
  colorDefault: false,
  color: '#b3261e',
  displayTime: '20',
  showCountdown: true,
  outputs: 1,
  allowDismiss: true,
  dismissText: 'Close',
  allowConfirm: false,
  confirmText: 'Confirm',
  raw: true,
  className: '',
  name: 'Notification',
  x: 770,
  y: 440,
  wires: [[]],
});

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
