#!/usr/bin/env node
import { fail, UsageError } from './usage.js';

const usage = `Usage: node-red-envoy-linky <command> [options]

Commands:
  device-flow-proxy   OAuth 2.0 device-flow proxy for Enedis (Linky); see device-flow-proxy --help

Everything else of this package are nodes of Node-RED.
`;

async function main([command, ...given]: readonly string[]): Promise<void> {
  if (command === 'device-flow-proxy') {
    const { runDeviceFlowProxy } = await import('./device-flow-proxy.js');
    return runDeviceFlowProxy(given);
  }
  if (command === undefined || command === '--help' || command === 'help') {
    process.stdout.write(usage);
    return;
  }
  throw new UsageError(`There is no command ${command}.\n\n${usage}`);
}

main(process.argv.slice(2)).catch(fail);
