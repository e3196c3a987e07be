import { scenes, type Scene } from './scenes.js';
import { clientNames, largestDifference, measureHour, type ClientName, type Traffic } from './traffic.js';
import { table, type Row } from '../table.js';

const notes = `
Requests, bytes and handshakes are counted, not timed: at the gateway, and on the wire with TLS. Every client reads all
datasets through the same simulated hour; the hour of this package begins with its first reading, probe included, that
of the plain ones after their probe. "Power" is the largest difference between the powers (production, consumption,
grid) that the package and the plain client give at the same moments.
Handshakes: no real time passes between the cycles here. The package keeps an idle connection for 75 s, so that they
are the same for intervals up to that wherever the gateway keeps it as long.
Cookies: the session cookie alone would spare a gateway the check of the token at each request. Whether it is cheaper can be
measured on a real gateway only, and a session ends unnoticed: bearer and cookie are both sent, as before.
`;

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = (part: number, of: number): string => (of === 0 ? '-' : `${oneDigit.format((100 * part) / of)} %`);

const head: Row = ['client', 'requests/cycle', 'requests/h', 'bytes/cycle', 'bytes/h', 'TLS handshakes/h'];

function trafficRow(name: string, { cycles, requests, bytes, handshakes }: Traffic): Row {
  const counts = [requests, bytes, handshakes].map((count) => whole.format(count));
  const [requestCount = '', byteCount = '', handshakeCount = ''] = counts;
  const perCycle = [oneDigit.format(requests / cycles), whole.format(bytes / cycles)];
  return [name, perCycle[0] ?? '', requestCount, perCycle[1] ?? '', byteCount, handshakeCount];
}

function ratioRow(name: string, own: Traffic, other: Traffic): Row {
  const [requests, bytes] = [percent(own.requests, other.requests), percent(own.bytes, other.bytes)];
  return [`ratio to ${name}`, requests, requests, bytes, bytes, percent(own.handshakes, other.handshakes)];
}

function report({ name, interval }: Scene, measured: Record<ClientName, Traffic>): string {
  const [own, ...others] = clientNames;
  if (own === undefined) return '';
  const rows = [
    head,
    ...clientNames.map((client) => trafficRow(client, measured[client])),
    ...others.map((client) => ratioRow(client, measured[own], measured[client])),
  ];
  const difference = Math.max(...others.map((client) => largestDifference(measured[own], measured[client])));
  return `\n${name}, every ${interval} s (power: ${whole.format(difference)} W)\n${table(rows)}`;
}

console.log(
  'Reading a gateway for an hour: this package with a timer, and a client that asks for everything each time.',
);
for (const scene of scenes) console.log(report(scene, await measureHour(scene)));
console.log(notes);
