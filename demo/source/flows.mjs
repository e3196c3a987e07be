import { pageConfig } from './layout.mjs';
import { demoLinky } from './linky/flow.mjs';
import { pageNodes } from './page.mjs';
import { proxyCredentials, proxyNodes } from './proxy.mjs';

function tab(id, label, info = '') {
  return { id, type: 'tab', label, disabled: false, info, env: [] };
}

function comment(id, z, name, info, place = { x: 250, y: 60 }) {
  return { id, type: 'comment', z, name, info, ...place, wires: [] };
}

const pageInfo = `The page at \`/dashboard\` shows production, consumption, battery and grid now, the chart of today, the inverters and
the state of the gateway.

- *Envoy* is ticked *Live*: about once a second it sends the powers of the moment, with the topic \`envoy/<serial>/live\`. *Powers*
  tells those messages from the readings, and works without them, too.
- *Cards to show* hides the cards of what the gateway does not have: battery, consumption, grid. It names the page and the cards:
  rename them there, too.
- The energies come from \`payload.today\`: they are counted here, from local midnight on or from the first reading, as the head
  of the table says.
- **Re-authenticate** sends the topic \`reauthenticate\` to *Envoy*: the token is dropped and fetched anew.
- The second output of *Envoy* carries authentication errors. They appear as a notification that says what to do.
- The chart is drawn from means that the flow keeps in its context (\`samples\`): choose a persistent context store in the
  settings of Node-RED to keep them across restarts.`;

const ownGatewayInfo = `Until now the flow reads the gateway that its configuration names.

### With environment variables

Stop the demo (Ctrl-C) and start it with the address and the account of your own:

    ENVOY_HOST=192.168.1.20 ENVOY_USERNAME=you@example.com ENVOY_PASSWORD=... npm start

- Firmware 7 or newer: the e-mail and the password of your Enlighten account. With multi-factor authentication get a token at
  https://entrez.enphaseenergy.com and give it as \`ENVOY_TOKEN\` instead of user and password.
- Older firmware: only \`ENVOY_HOST\`; the local user and its password are worked out from the serial number.

### In the editor

Open *Envoy* on the tab *Solar production*, press the pencil beside *Gateway*, replace the \`\${...}\` values by your own, press
*Test connection*, then *Update*, *Done* and *Deploy*. Your flows are kept; \`npm start -- --reset\` brings the demo back.`;

const gateway = {
  id: 'envoy-demo-gateway',
  type: 'envoy-gateway',
  name: 'Demo gateway',
  host: '${ENVOY_HOST}',
  tls: 'pin',
  fingerprint: '',
  cloudUrl: '${ENVOY_CLOUD_URL}',
  tokenUrl: '${ENVOY_TOKEN_URL}',
  refreshBefore: 30,
  timeout: 45,
};

/** The flows of the demo. */
export const demoFlows = [
  tab('envoy-demo', 'Solar production'),
  tab('linky-demo', 'Device-flow proxy'),
  tab('envoy-own', 'Your own gateway'),
  gateway,
  ...pageConfig,
  comment('envoy-demo-comment', 'envoy-demo', 'Dashboard at /dashboard, fed by an Envoy gateway', pageInfo),
  ...pageNodes('envoy-demo', gateway.id, 10),
  ...demoLinky(gateway.id),
  ...proxyNodes('linky-demo'),
  comment('envoy-own-comment', 'envoy-own', 'How to read your own gateway: open me for the details', ownGatewayInfo, {
    x: 270,
    y: 60,
  }),
  comment(
    'envoy-own-variables',
    'envoy-own',
    'Either: Ctrl-C, then ENVOY_HOST=… ENVOY_USERNAME=… ENVOY_PASSWORD=… npm start',
    '',
    { x: 400, y: 120 },
  ),
  comment(
    'envoy-own-editor',
    'envoy-own',
    'Or: open "Envoy", pencil beside Gateway, your values, Test connection, Deploy',
    '',
    { x: 350, y: 180 },
  ),
];

/** The credentials of the demo: all of them come from the environment. */
export const demoCredentials = {
  [gateway.id]: { username: '${ENVOY_USERNAME}', password: '${ENVOY_PASSWORD}', token: '${ENVOY_TOKEN}' },
  ...proxyCredentials,
};

const exampleInfo = `1. Open *Envoy*, press the plus beside *Gateway* and enter the address and the account of your gateway. *Test connection*
   says whether it works.
2. Deploy and open \`/dashboard\`.

${pageInfo}`;

/** The page of the demo as an example, for any gateway. */
export const dashboardExample = [
  tab('envoy-dashboard', 'Envoy dashboard'),
  // Tells the editor which module the flow needs (Node-RED 4.1 and newer).
  { id: 'envoy-modules', type: 'global-config', env: [], modules: { '@flowfuse/node-red-dashboard': '1.31.0' } },
  ...pageConfig,
  comment(
    'envoy-dashboard-comment',
    'envoy-dashboard',
    'Choose your gateway in "Envoy", deploy, open /dashboard',
    exampleInfo,
  ),
  ...pageNodes('envoy-dashboard', '', 60),
];
