import { colors } from '../widgets.mjs';
import { groups } from './layout.mjs';

const look = {
  pointShape: 'false',
  pointRadius: 2,
  colors: [colors.consumption, colors.production, '#7b8794'],
  textColor: ['#5b6470'],
  textColorDefault: false,
  gridColor: ['#e5e7eb'],
  gridColorDefault: false,
  interpolation: 'linear',
};
const nothingRemoved = { removeOlder: '0', removeOlderUnit: '86400', removeOlderPoints: '' };

function axes(x, y, unit) {
  return {
    xAxisLabel: '',
    xAxisProperty: x,
    xAxisPropertyType: 'property',
    xmin: '',
    xmax: '',
    yAxisLabel: unit,
    yAxisProperty: y,
    yAxisPropertyType: 'property',
    ymin: '0',
    ymax: '',
  };
}

/** What all charts have: points replace the earlier ones. */
function chart(tab, id, { name, group, y, ...rest }) {
  return {
    id,
    type: 'ui-chart',
    z: tab,
    group: group.id,
    name,
    label: '',
    order: 2,
    category: 'series',
    categoryType: 'property',
    bins: 10,
    action: 'replace',
    stackSeries: false,
    showLegend: true,
    ...look,
    ...nothingRemoved,
    width: group.width,
    height: '6',
    className: '',
    x: 930,
    y,
    wires: [[]],
    ...rest,
  };
}

const bars = { chartType: 'bar', xAxisType: 'category', xAxisFormat: '', xAxisFormatType: 'auto' };

/** Consumption and production of days or months, kWh. */
export function energyChart(tab) {
  const shape = { name: 'Energy of each day', group: groups.energy, y: 240 };
  return chart(tab, 'linky-energy', { ...shape, ...bars, ...axes('at', 'value', 'kWh') });
}

/** Highest power of days or months, kVA. */
export function powerChart(tab) {
  const shape = { name: 'Highest power of each day', group: groups.power, y: 280, order: 1 };
  return chart(tab, 'linky-power', { ...shape, ...bars, ...axes('at', 'value', 'kVA'), height: '7' });
}

/** Panels, grid and house in the last seven days, kWh. */
export function balanceChart(tab) {
  const shape = { name: 'Panels and grid', group: groups.balance, y: 320, order: 1, height: '7' };
  const one = { category: 'kWh', categoryType: 'str' };
  return chart(tab, 'linky-balance', { ...shape, ...bars, ...one, ...axes('name', 'kWh', 'kWh') });
}

/** The load curve of one day, W. */
export function curveChart(tab) {
  const time = { chartType: 'line', xAxisType: 'time', xAxisFormat: '{HH}:{mm}', xAxisFormatType: 'HH:mm' };
  const shape = { name: 'Load curve', group: groups.curve, y: 400 };
  return chart(tab, 'linky-curve', { ...shape, ...time, ...axes('at', 'watts', 'W') });
}

/** Which day the load curve is of. */
export function dayPicker(tab, wires) {
  const sent = { delay: 300, passthru: false, sendOnDelay: true, sendOnBlur: true, sendOnEnter: true };
  const icons = { clearable: false, sendOnClear: false, icon: '', iconPosition: 'left', iconInnerPosition: 'inside' };
  return {
    id: 'linky-day',
    type: 'ui-text-input',
    z: tab,
    group: groups.curve.id,
    name: 'Day of the curve',
    label: 'Day',
    order: 1,
    width: groups.curve.width,
    height: '1',
    topic: 'day',
    topicType: 'str',
    mode: 'date',
    tooltip: '',
    ...sent,
    className: '',
    ...icons,
    x: 930,
    y: 440,
    wires: [wires],
  };
}

/** How much the bars show. */
export function viewButtons(tab, wires) {
  const option = (value, label) => ({ label, icon: '', value, valueType: 'str', color: '#1f6f54' });
  return {
    id: 'linky-view',
    type: 'ui-button-group',
    z: tab,
    name: 'Days shown',
    group: groups.energy.id,
    order: 1,
    width: groups.energy.width,
    height: '1',
    label: '',
    className: '',
    rounded: true,
    useThemeColors: true,
    passthru: false,
    options: [option('month', 'Month'), option('quarter', '3 months'), option('year', 'Year')],
    topic: 'view',
    topicType: 'str',
    x: 390,
    y: 240,
    wires: [wires],
  };
}

/** The button that has the meter read now. */
export function readButton(tab, wires) {
  const none = { color: '', bgcolor: '', className: '', buttonColor: '', textColor: '', iconColor: '' };
  const pointer = { enablePointerdown: false, pointerdownPayload: '', pointerdownPayloadType: 'str' };
  const release = { enablePointerup: false, pointerupPayload: '', pointerupPayloadType: 'str' };
  return {
    id: 'linky-read-now',
    type: 'ui-button',
    z: tab,
    group: groups.meter.id,
    name: '',
    label: 'Read now',
    order: 2,
    width: groups.meter.width,
    height: '1',
    emulateClick: false,
    tooltip: 'Reads what is not kept yet',
    ...none,
    icon: 'refresh',
    iconPosition: 'left',
    payload: '',
    payloadType: 'date',
    topic: 'read',
    topicType: 'str',
    enableClick: true,
    ...pointer,
    ...release,
    x: 120,
    y: 320,
    wires: [wires],
  };
}
