/** The dashboard as a whole, at `/dashboard`. */
export const base = {
  id: 'envoy-ui-base',
  type: 'ui-base',
  name: 'Dashboard',
  path: '/dashboard',
  appIcon: '',
  includeClientData: true,
  acceptsClientConfig: ['ui-notification', 'ui-control'],
  showPathInSidebar: false,
  headerContent: 'page',
  navigationStyle: 'temporary',
  titleBarStyle: 'default',
  showReconnectNotification: true,
  notificationDisplayTime: 5,
  showDisconnectNotification: true,
  allowInstall: false,
};

/** How it looks. */
export const theme = {
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

/** A page of a dashboard. */
export function uiPage(id, name, { path, icon, order }) {
  return {
    id,
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

/** The page. */
export const page = uiPage('envoy-ui-page', 'Solar production', { path: '/envoy', icon: 'solar-power', order: 1 });

function group(id, name, order, width, height) {
  const shape = { width: String(width), height: String(height), order, showTitle: true, className: '' };
  const shown = { visible: 'true', disabled: 'false', groupType: 'default' };
  return { id: `envoy-ui-${id}`, type: 'ui-group', name, page: page.id, ...shape, ...shown };
}

/** A card of the first row; `style` knows them by their class. */
function nowGroup(id, name, order) {
  return { ...group(id, name, order, 3, 4), className: 'envoy-now' };
}

/** The cards on the page. An empty battery alarms: its card is hidden until a reading has one. */
export const groups = {
  production: nowGroup('production', 'Production now', 1),
  consumption: nowGroup('consumption', 'Consumption now', 2),
  battery: { ...nowGroup('battery', 'Battery', 3), visible: false },
  grid: nowGroup('grid', 'Grid and energy', 4),
  today: group('today', 'Today', 5, 5, 6),
  inverters: group('inverters', 'Inverters', 6, 4, 6),
  gateway: group('gateway', 'Gateway', 7, 3, 6),
};

/** The config nodes of the page. */
export const pageConfig = [base, theme, page, ...Object.values(groups)];
