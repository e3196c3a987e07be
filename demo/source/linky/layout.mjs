import { uiPage } from '../layout.mjs';

/** The page on which somebody consents, and the page of the meter. */
const pages = {
  consent: uiPage('linky-ui-consent-page', 'Linky: consent', { path: '/linky-consent', icon: 'key-chain', order: 2 }),
  meter: uiPage('linky-ui-meter-page', 'Linky', { path: '/linky', icon: 'meter-electric', order: 3 }),
};

function group(id, on, name, order, width, height) {
  const shape = { width: String(width), height: String(height), order, showTitle: true, className: '' };
  const shown = { visible: 'true', disabled: 'false', groupType: 'default' };
  return { id: `linky-ui-${id}`, type: 'ui-group', name, page: on.id, ...shape, ...shown };
}

/** The cards on both pages. */
export const groups = {
  consent: group('consent', pages.consent, 'Consent', 1, 6, 8),
  energy: group('energy', pages.meter, 'Energy', 1, 8, 7),
  meter: group('meter', pages.meter, 'Meter', 2, 4, 7),
  curve: group('curve', pages.meter, 'Load curve', 3, 4, 7),
  power: group('power', pages.meter, 'Highest power', 4, 4, 7),
  balance: group('balance', pages.meter, 'Panels and grid, 7 days', 5, 4, 7),
};

/** The config nodes of both pages. */
export const linkyConfig = [...Object.values(pages), ...Object.values(groups)];
