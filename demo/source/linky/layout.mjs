import { base, theme } from '../layout.mjs';

function page(id, name, { path, icon, order }) {
  return {
    id: `linky-ui-${id}`,
    type: 'ui-page',
    name,
    ui: base.id,
    path,
    icon,
    layout: 'grid',
    theme: theme.id,
    breakpoints: [
      { name: 'Default', px: '0', cols: '3' },
      { name: 'Tablet', px: '576', cols: '6' },
      { name: 'Small Desktop', px: '900', cols: '12' },
      { name: 'Desktop', px: '1024', cols: '12' },
    ],
    order,
    className: '',
    visible: 'true',
    disabled: 'false',
  };
}

/** The page on which somebody consents, and the page of the meter. */
export const pages = {
  consent: page('consent-page', 'Linky: consent', { path: '/linky-consent', icon: 'key-chain', order: 2 }),
  meter: page('meter-page', 'Linky', { path: '/linky', icon: 'meter-electric', order: 3 }),
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
