import { base, theme } from '../layout.mjs';
import { consentNodes } from './consent-page.mjs';
import { linkyConfig } from './layout.mjs';
import { afterConsentNodes, meterNodes } from './meter-page.mjs';
import { comment } from './nodes.mjs';

const tabId = 'linky-pages';

function account(id, name, { server = '', clientId = '' } = {}) {
  const endpoints = { deviceEndpoint: '', tokenEndpoint: '', refreshEndpoint: '', dataEndpoint: '' };
  return { id, type: 'enedis-account', name, api: 'proxy', server, clientId, scope: '', ...endpoints, userAgent: '' };
}

/** At the demo's own proxy. */
const demoAccount = account('linky-demo-account', 'Demo account', {
  server: '${ENEDIS_PROXY}',
  clientId: '${ENEDIS_CLIENT_ID}',
});

/** To be filled in: one dialog, whichever node it is opened from. */
const ownAccount = account('linky-account', 'Linky');

const tab = { id: tabId, type: 'tab', label: 'Linky', disabled: false, info: '', env: [] };

function pageNodes(accountId, gateway) {
  return [...consentNodes(tabId, accountId, afterConsentNodes), ...meterNodes(tabId, accountId, gateway)];
}

const demoInfo = `Open \`/dashboard/linky-consent\`, press *Start*, follow the link and consent at the simulated Enedis; then see
\`/dashboard/linky\`. The account points at the demo's own proxy, on the tab *Device-flow proxy*. *Gaël Exemple* has panels, so that
there is a production, too. As at Enedis, a meter that is shared already cannot be shared once more.`;

/** The Linky pages of the demo, with the account that points at the demo's own proxy. */
export function demoLinky(gateway) {
  return [
    tab,
    demoAccount,
    ...linkyConfig,
    comment('linky-pages-comment', tabId, 'Consent, then see a year of data: open me', { x: 190, y: 40 }, demoInfo),
    ...pageNodes(demoAccount.id, gateway),
  ];
}

const exampleInfo = `1. Open *Linky consent*, press the pencil beside *Account* and enter the server of your device-flow proxy and its client id. Once is
   enough: all nodes use this account.
2. With an Envoy choose its gateway in *Envoy*; without one remove that node.
3. Deploy, open \`/dashboard/linky-consent\`, press *Start* and follow the link. The charts are at \`/dashboard/linky\`.`;

/** The Linky pages as an example, for any account. */
export const linkyExample = [
  tab,
  // Tells the editor which module the flow needs (Node-RED 4.1 and newer).
  { id: 'linky-modules', type: 'global-config', env: [], modules: { '@flowfuse/node-red-dashboard': '1.31.0' } },
  base,
  theme,
  ownAccount,
  ...linkyConfig,
  comment('linky-pages-comment', tabId, 'Enter your account and deploy: open me', { x: 190, y: 40 }, exampleInfo),
  ...pageNodes(ownAccount.id, ''),
];
