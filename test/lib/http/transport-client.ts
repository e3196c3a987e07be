import { Transport } from '../../../lib/http/transport.js';

// Asks an address with verified certificates and says what came of it.
const transport = new Transport({ mode: 'verify' });
const [url = ''] = process.argv.slice(2);
const outcome = await transport.send({ url: new URL(url), timeout: 10_000 }).then(
  ({ status, body }) => `${status} ${body}`,
  (error: unknown) => (error as { kind: string }).kind,
);
process.stdout.write(`${outcome}\n`);
await transport.close();
