import { proxyPath } from './enedis.mjs';

/** Says where everything of the demo is. `command` is the one that started it. */
export function welcome({ url, dashboard, proxy, simulated, command }) {
  console.log();
  if (dashboard) console.log(`Dashboard     ${url}/dashboard`);
  else console.log('Dashboard     your flows have none at /dashboard');
  console.log(`Editor        ${url}/`);
  if (proxy) console.log(`Linky proxy   ${url}${proxyPath}`);
  if (simulated) {
    console.log(`Your gateway  ENVOY_HOST=192.168.1.20 ENVOY_USERNAME=you@example.com ENVOY_PASSWORD=... ${command}`);
  } else {
    console.log(
      `Your gateway  ${process.env.ENVOY_HOST || 'envoy.local'}; without ENVOY_... variables the simulated one is read`,
    );
  }
}
