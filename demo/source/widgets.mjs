import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { base, groups, page } from './layout.mjs';

/** One colour for each series, in gauges and chart. */
export const colors = { production: '#f0a000', consumption: '#3f6fd8' };

function template(name) {
  return readFileSync(fileURLToPath(new URL(`${name}.vue.html`, import.meta.url)), 'utf8').trim();
}

/** A gauge in the group of that name. */
export function gauge(name, color, place) {
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

/** A card made from the template of that name. */
export function card(name, tab, place) {
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

/** Makes the rows of the table low enough for a dozen inverters. */
export function style(tab) {
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
  x: 770,
  y: 440,
  wires: [[]],
});
