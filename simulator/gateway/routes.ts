import { json, page, reply } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';
import { deviceDataDocument, invertersDocument, inventoryDocument } from './documents/inverters.js';
import { contactsDocument, contactSettingsDocument } from './documents/contacts.js';
import {
  ensembleInventory,
  ensemblePower,
  ensembleStatus,
  relayDocument,
  secctrlDocument,
} from './documents/ensemble.js';
import {
  generatorConfigDocument,
  generatorDocument,
  generatorModeDocument,
  generatorScheduleDocument,
} from './documents/generator.js';
import { gridReadingDocument, pvReadingDocument } from './documents/grid.js';
import { infoDocument } from './documents/info.js';
import { liveStatus } from './documents/live.js';
import { metersDocument, readingsDocument, reportsDocument } from './documents/meters.js';
import { energyDocument, productionDocument, productionPage, v1ProductionDocument } from './documents/production.js';
import { homeDocument } from './documents/settings.js';
import { deviceTable } from './documents/table.js';
import { tariffDocument } from './documents/tariff.js';
import { usesTokens } from './identity.js';
import type { View } from './identity.js';
import { since } from './version.js';
import { sleepDocument } from './writes/ac-batteries.js';
import { hasLiveData } from './writes/index.js';
import { powerDocument } from './writes/power.js';

/** An endpoint that is read. */
interface Route {
  /** The oldest firmware that has it. */
  readonly from: string;
  readonly answer: (view: View, query: URLSearchParams) => Reply;
  /** Whether this gateway has it, beyond its firmware. */
  readonly present?: (view: View) => boolean;
}

/** Most of the newer endpoints say nothing about the type of their JSON (spec/envoy 2.4). */
function untyped(document: unknown): Reply {
  return reply(200, JSON.stringify(document, null, 4));
}

function info(view: View): Reply {
  const { firmware } = view.identity;
  const body = infoDocument(view);
  if (since(firmware, '8.3.0')) return reply(200, body);
  return reply(200, body, since(firmware, '3.17.0') && !since(firmware, '3.19.0') ? 'application/json' : 'text/xml');
}

function productionJson(view: View, query: URLSearchParams): Reply {
  const { firmware } = view.identity;
  // Firmware 3 has no such document and answers 200 with a page that says so.
  if (!since(firmware, '4.0.0')) return page(200, 'Page Not Found');
  const document = productionDocument(view, query.get('details') === '1');
  return since(firmware, '7.0.0') && !since(firmware, '7.6.0')
    ? reply(200, JSON.stringify(document), 'text/html')
    : json(200, document);
}

function production(view: View, query: URLSearchParams): Reply {
  return since(view.identity.firmware, '4.0.0')
    ? productionJson(view, query)
    : reply(200, productionPage(view), 'text/html');
}

const batteryGroups = /^\/ivp\/(ensemble|ss|sc)\//;

const routes: Readonly<Record<string, Route>> = {
  '/info': { from: '0', answer: info },
  '/info.xml': { from: '0', answer: info },
  '/production': { from: '0', answer: production },
  '/production.json': { from: '3.9.0', answer: productionJson },
  '/api/v1/production': {
    from: '3.9.0',
    answer: (view) => reply(200, `${JSON.stringify(v1ProductionDocument(view), null, 2)}\n`, 'application/json'),
  },
  '/api/v1/production/inverters': {
    from: '3.9.0',
    answer: (view) => reply(200, `${JSON.stringify(invertersDocument(view), null, 2)}\n`, 'application/json'),
  },
  '/ivp/meters': { from: '3.18.0', answer: (view) => untyped(metersDocument(view)) },
  '/ivp/meters/readings': { from: '3.18.0', answer: (view) => untyped(readingsDocument(view)) },
  '/ivp/meters/reports': { from: '5.0.0', answer: (view) => untyped(reportsDocument(view)) },
  '/ivp/pdm/energy': { from: '5.0.0', answer: (view) => untyped(energyDocument(view)) },
  '/ivp/pdm/device_data': {
    from: '7.0.0',
    answer: (view) => untyped(deviceDataDocument(view)),
    present: ({ identity }) => identity.detailedInverters,
  },
  '/ivp/meters/gridReading': { from: '8.3.0', answer: (view) => untyped(gridReadingDocument(view)) },
  '/ivp/meters/pvReading': { from: '8.3.0', answer: (view) => untyped(pvReadingDocument(view)) },
  '/ivp/ensemble/inventory': { from: '5.0.0', answer: (view) => untyped(ensembleInventory(view)) },
  '/ivp/ensemble/power': { from: '5.0.0', answer: (view) => untyped(ensemblePower(view)) },
  '/ivp/ensemble/secctrl': { from: '5.0.0', answer: (view) => untyped(secctrlDocument(view)) },
  '/ivp/ensemble/status': { from: '5.0.0', answer: (view) => untyped(ensembleStatus(view)) },
  '/ivp/ensemble/relay': { from: '5.0.0', answer: (view) => untyped(relayDocument(view)) },
  '/ivp/ensemble/dry_contacts': { from: '5.0.0', answer: (view) => untyped(contactsDocument(view)) },
  '/ivp/ensemble/generator': { from: '5.0.0', answer: (view) => untyped(generatorDocument(view)) },
  '/ivp/ss/dry_contact_settings': { from: '5.0.0', answer: (view) => untyped(contactSettingsDocument(view)) },
  '/ivp/ss/gen_config': { from: '5.0.0', answer: (view) => untyped(generatorConfigDocument(view)) },
  '/ivp/ss/gen_schedule': { from: '5.0.0', answer: (view) => untyped(generatorScheduleDocument(view)) },
  '/ivp/ss/gen_mode': { from: '8.3.0', answer: (view) => untyped(generatorModeDocument(view)) },
  '/ivp/livedata/status': { from: '7.0.0', answer: (view) => untyped(liveStatus(view)), present: hasLiveData },
  '/ivp/mod/603980032/mode/power': { from: '4.0.0', answer: (view) => untyped(powerDocument(view)) },
  '/ivp/peb/newscan': { from: '4.0.0', answer: () => untyped({ newDeviceScan: { 'active scan': false } }) },
  '/inventory.json': { from: '4.0.0', answer: (view) => json(200, inventoryDocument(view)) },
  '/inv': { from: '4.0.0', answer: (view) => json(200, deviceTable(view)) },
  '/home': { from: '4.0.0', answer: (view) => json(200, homeDocument(view)) },
  '/home.json': { from: '4.0.0', answer: (view) => json(200, homeDocument(view)) },
  '/admin/lib/tariff': { from: '4.0.0', answer: (view) => json(200, tariffDocument(view)) },
  '/admin/lib/acb_config': {
    from: '5.0.0',
    answer: (view) => json(200, sleepDocument(view)),
    present: ({ identity }) => identity.equipment.acBatteries > 0,
  },
};

/** The way of this firmware to say that there is no such path. */
export function missing(view: View, path: string): Reply {
  if (path.startsWith('/ivp/')) {
    const key = batteryGroups.test(path) ? 'error' : 'err';
    return reply(404, `{ "${key}" : "404 - Not Found" }\n`, 'application/json; charset=ISO-8859-4');
  }
  return usesTokens(view.identity)
    ? page(404, '404 Not Found')
    : page(301, 'Moved', { Location: '/error.html?status=404' });
}

/** The answer to a permitted GET, whatever the path: documents of the firmware, or its way to say that there is none. */
export function answerTo(view: View, path: string, query: URLSearchParams): Reply {
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  const exists = route && since(view.identity.firmware, route.from) && (route.present?.(view) ?? true);
  return exists ? route.answer(view, query) : missing(view, path);
}

/** Paths that this firmware refuses to everybody, with 401 (spec/envoy appendix B). */
export function refusedPath(firmware: string, path: string): boolean {
  if (path.startsWith('/ivp/meters')) return since(firmware, '3.18.0') && !since(firmware, '4.0.0');
  if (path === '/production') return since(firmware, '4.10.0') && !since(firmware, '7.0.0');
  return path === '/admin/lib/tariff' && !since(firmware, '4.0.0');
}
