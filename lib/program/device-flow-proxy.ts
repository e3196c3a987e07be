import { parseArgs } from 'node:util';
import { jsonLog } from '../proxy/log.js';
import { createMetrics } from '../proxy/metrics.js';
import { startProxyService } from '../proxy/service.js';
import { readEnvironment } from './env-file.js';
import { readProgramSettings } from './settings.js';
import { UsageError } from './usage.js';

const usage = `Usage: node-red-envoy-linky device-flow-proxy [options]

A device-flow proxy (RFC 8628) for Enedis, with the routes and the variables of the PHP server.

Options:
  --env-file FILE   Variables to read; those of the environment count more
  --port PORT       Port to listen on (PORT, else 8080)
  --host ADDRESS    Address to listen on (HOST, else 127.0.0.1; 0.0.0.0 for all)
  --check           Check the settings and end
  --help            Show this
`;

/** Milliseconds that requests under way get when the program is asked to end. */
const drainTime = 25_000;

function readOptions(given: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        'env-file': { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        check: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** Resolves with the first of the signals that ask the program to end. */
function endAsked(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
  });
}

/**
 * Runs the proxy by itself until SIGTERM or SIGINT, then answers what is under way and ends.
 * @throws UsageError, SettingsError, EnergyError `storage_failed`
 */
export async function runDeviceFlowProxy(given: readonly string[]): Promise<void> {
  const options = readOptions(given);
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const settings = readProgramSettings(await readEnvironment(options['env-file'], process.env), options);
  // A log that cannot be written, on a full disk or to a reader that is gone, is no reason to stop serving.
  process.stdout.on('error', () => undefined);
  const log = jsonLog((line) => process.stdout.write(`${line}\n`), settings.logLevel);
  for (const warning of settings.warnings) log('warn', warning);
  if (options.check) {
    log('info', 'the settings are in order');
    return;
  }
  const ended = endAsked();
  const service = await startProxyService({
    ...settings,
    metrics: await createMetrics(),
    log,
    logEvents: true,
  });
  log('info', 'listening', { address: service.address, store: settings.store.kind, api: settings.proxy.apiMode });
  log('info', 'ending', { signal: await ended });
  await service.stop(drainTime);
  log('info', 'ended');
}
