import { parseArgs } from 'node:util';
import type { ProxyEvent } from '../proxy/events.js';
import { jsonLog, type Log, type LogLevel } from '../proxy/log.js';
import { createMetrics } from '../proxy/metrics.js';
import { startProxyService } from '../proxy/service.js';
import { settingsFromEnvironment } from '../proxy/settings/environment.js';
import { readEnvironment } from './env-file.js';
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
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

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

function readPort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new UsageError('--port: must be a number from 0 to 65535.');
  return port;
}

function readLevel(text: string | undefined): LogLevel {
  const level = levels.find((each) => each === text?.toLowerCase());
  if (text && !level) throw new UsageError(`LOG_LEVEL: must be one of ${levels.join(', ')}.`);
  return level ?? 'info';
}

/** Errors of the vendor's side and limits deserve attention; what people decide does not. */
function logEvent(log: Log, { name, at, ...fields }: ProxyEvent): void {
  log(name === 'failed' || name === 'limited' ? 'warn' : 'info', name, { ...fields, at });
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
  const environment = await readEnvironment(options['env-file'], process.env);
  const settings = settingsFromEnvironment(environment);
  const log = jsonLog((line) => process.stdout.write(`${line}\n`), readLevel(environment['LOG_LEVEL']));
  for (const warning of settings.warnings) log('warn', warning);
  if (options.check) {
    log('info', 'the settings are in order');
    return;
  }
  const ended = endAsked();
  const service = await startProxyService({
    ...settings,
    host: options.host ?? environment['HOST'] ?? '127.0.0.1',
    port: readPort(options.port ?? environment['PORT'] ?? '8080'),
    metrics: await createMetrics(),
    log,
    onEvent: (event) => logEvent(log, event),
  });
  log('info', 'listening', { address: service.address, store: settings.store.kind, api: settings.proxy.apiMode });
  log('info', 'ending', { signal: await ended });
  await service.stop(drainTime);
  log('info', 'ended');
}
