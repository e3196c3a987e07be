/** How the proxy of the demo is tried, for the comment on its tab. */
const proxyInfo = `*proxy* serves a device-flow proxy (RFC 8628) for Enedis at \`/enedis\`, and the demo has a simulated Enedis for it. Nothing leaves
this computer, and no meter is real. With another port than 1880 change the addresses below.

1. **A device asks for a code.**

       curl -s http://127.0.0.1:1880/enedis/device/code -d client_id=demo-client

2. **Its owner opens the link** \`verification_uri_complete\` of the answer in a browser, sees whether the code is the same, goes on to the
   simulated Enedis, chooses who to be and consents. As at Enedis, a meter that is shared already cannot be shared once more:
   choose another one, or start with \`npm start -- --reset\`.
3. **The device polls** with its \`device_code\`, every 2 seconds at most, until it gets its tokens and the meter
   (\`usage_points_id\`):

       curl -s http://127.0.0.1:1880/enedis/device/token -d client_id=demo-client \\
         -d grant_type=urn:ietf:params:oauth:grant-type:device_code -d device_code=...

4. **It reads the meter**, here one day; \`end\` is the day after it:

       curl -s -H "Authorization: Bearer ..." \\
         "http://127.0.0.1:1880/enedis/data/proxy/metering_data_dc/v5/daily_consumption?usage_point_id=...&start=...&end=..."

Each step is a message at *dances*: see the debug sidebar. The proxy keeps grants and tokens in the demo's folder, so that devices
read on after a restart.

For an application of your own at Enedis see *Import > Examples*, *08 - Device-flow proxy*.`;

const proxy = {
  id: 'linky-demo-proxy',
  type: 'device-flow-proxy',
  name: 'proxy',
  path: '/enedis',
  publicUrl: '',
  mode: 'client_credentials',
  environment: 'custom',
  authorizationEndpoint: '${ENEDIS_AUTHORIZATION_ENDPOINT}',
  tokenEndpoint: '${ENEDIS_TOKEN_ENDPOINT}',
  dataEndpoint: '${ENEDIS_DATA_ENDPOINT}',
  apiMode: 'new',
  duration: 'P1095D',
  store: 'embedded',
  rateLimit: 30,
  minVersion: '',
  pkce: false,
  title: '',
};

function debug(id, z, name, complete, place) {
  const shown = { active: true, tosidebar: true, console: false, tostatus: false };
  return {
    id,
    type: 'debug',
    z,
    name,
    ...shown,
    complete,
    targetType: 'msg',
    statusVal: '',
    statusType: 'auto',
    ...place,
    wires: [],
  };
}

function comment(id, z, name, place, info = '') {
  return { id, type: 'comment', z, name, info, ...place, wires: [] };
}

const lines = {
  details: 'A device reads Linky data, against a simulated Enedis: open me for the details',
  code: '1. curl -s http://127.0.0.1:1880/enedis/device/code -d client_id=demo-client',
  link: '2. Open the link of the answer, consent at the simulated Enedis',
  poll: '3. Poll for the tokens, then read a day: the lines to copy are in the first comment',
};

/** The nodes on the tab `z`: the proxy, what it tells, how it is tried. */
export function proxyNodes(z) {
  return [
    comment('linky-demo-comment', z, lines.details, { x: 330, y: 60 }, proxyInfo),
    comment('linky-demo-code', z, lines.code, { x: 320, y: 120 }),
    comment('linky-demo-link', z, lines.link, { x: 270, y: 160 }),
    comment('linky-demo-poll', z, lines.poll, { x: 330, y: 200 }),
    { ...proxy, z, x: 130, y: 280, wires: [['linky-demo-dances']] },
    debug('linky-demo-dances', z, 'dances', 'payload', { x: 330, y: 280 }),
    {
      id: 'linky-demo-catch',
      type: 'catch',
      z,
      name: '',
      scope: [proxy.id],
      uncaught: false,
      x: 140,
      y: 340,
      wires: [['linky-demo-failures']],
    },
    debug('linky-demo-failures', z, 'settings and store', 'error.message', { x: 370, y: 340 }),
  ];
}

/** The credentials of the proxy: those of the application at the simulated Enedis. */
export const proxyCredentials = {
  [proxy.id]: { clientId: '${ENEDIS_CLIENT_ID}', clientSecret: '${ENEDIS_CLIENT_SECRET}' },
};
