import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { base, groups } from './layout.mjs';

/** One colour for each series, in gauges and chart. */
export const colors = { production: '#f0a000', consumption: '#3f6fd8' };

/** Colours of the charge of a battery, by the % from which they hold. */
const chargeColors = { 0: '#b3261e', 15: '#f0a000', 40: '#2e7d32' };

function template(name) {
  return readFileSync(fileURLToPath(new URL(`${name}.vue.html`, import.meta.url)), 'utf8').trim();
}

function gaugeIn(name, id, place, { color, ...look }) {
  const segments = typeof color === 'string' ? { 0: color } : color;
  return {
    id,
    type: 'ui-gauge',
    z: place.tab,
    name: place.label,
    group: groups[name].id,
    order: 1,
    value: 'payload',
    valueType: 'msg',
    min: 0,
    width: '3',
    sizeThickness: 18,
    sizeGap: 4,
    sizeKeyThickness: 0,
    gstyle: 'rounded',
    title: '',
    alwaysShowTitle: false,
    floatingTitlePosition: 'top-left',
    icon: '',
    prefix: '',
    suffix: '',
    segments: Object.entries(segments).map(([from, each]) => ({ from, color: each, text: '', textType: 'label' })),
    styleRounded: true,
    styleGlow: false,
    className: '',
    x: 930,
    y: place.y,
    wires: [[]],
    ...look,
  };
}

/** A gauge of watts in the group of that name. */
export function gauge(name, place) {
  const look = { gtype: 'gauge-34', height: '4', units: 'W', max: place.max, color: colors[name] };
  return gaugeIn(name, `envoy-${name}`, place, look);
}

/** The charge of the batteries. */
export function chargeGauge(place) {
  const look = { gtype: 'gauge-battery', height: '2', units: '%', max: 100, color: chargeColors };
  return gaugeIn('battery', 'envoy-charge', place, look);
}

/** The chart of today; its points come from `chartPoints`. */
export function chart(tab) {
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
    width: '5',
    height: '6',
    className: '',
    x: 930,
    y: 340,
    wires: [[]],
  };
}

function column(title, key, align) {
  return { title, key, keyType: 'key', type: 'text', width: '', align };
}

/** The table of inverters. */
export function table(tab) {
  return {
    id: 'envoy-table',
    type: 'ui-table',
    z: tab,
    group: groups.inverters.id,
    name: 'Table of inverters',
    label: '',
    order: 1,
    width: '4',
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
    x: 930,
    y: 380,
    wires: [[]],
  };
}

/** A card in the group of that name, made from the template of that name or of another one. */
export function card(name, tab, { label, order, height, y, from = name }) {
  return {
    id: `envoy-${from}-card`,
    type: 'ui-template',
    z: tab,
    group: groups[name].id,
    page: '',
    ui: '',
    name: label,
    order,
    width: '3',
    height,
    head: '',
    format: template(from),
    storeOutMessages: true,
    passthru: false,
    resendOnRefresh: true,
    templateScope: 'local',
    className: '',
    x: 930,
    y,
    wires: [[]],
  };
}

/** The button that has the gateway sign in anew. */
export function button(tab, read) {
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

/** Where authentication errors pop up. */
export const notification = (tab) => ({
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
  x: 930,
  y: 460,
  wires: [[]],
});

/** What shows and hides cards, as it is told. */
export const control = (tab) => ({
  id: 'envoy-control',
  type: 'ui-control',
  z: tab,
  name: 'Show or hide cards',
  ui: base.id,
  events: 'connect',
  x: 930,
  y: 520,
  wires: [[]],
});
