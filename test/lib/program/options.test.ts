import assert from 'node:assert/strict';
import { runDeviceFlowProxy } from '../../../lib/program/device-flow-proxy.js';
import { readProgramSettings } from '../../../lib/program/settings.js';
import { UsageError } from '../../../lib/program/usage.js';
import { SettingsError } from '../../../lib/proxy/settings/source.js';

const least = { BASE_URL: 'https://linky.test', CLIENT_ID: 'CID', CLIENT_SECRET: 'server-secret' };

describe('the options of the stand-alone proxy', () => {
  for (const given of [['--unknown'], ['further'], ['--port'], ['--env-file']]) {
    it(`${given.join(' ')}: is turned away with the usage`, async () => {
      await assert.rejects(runDeviceFlowProxy(given), (error: unknown) => {
        assert.ok(error instanceof UsageError);
        assert.match(error.message, /Usage: node-red-envoy-linky device-flow-proxy/);
        return true;
      });
    });
  }

  it('it listens on this machine, port 8080, unless told otherwise', () => {
    const { host, port, logLevel } = readProgramSettings({ ...least, HOST: '', PORT: ' ', LOG_LEVEL: '' });
    assert.deepEqual({ host, port, logLevel }, { host: '127.0.0.1', port: 8080, logLevel: 'info' });
  });

  it('the command line counts more than the environment', () => {
    const environment = { ...least, HOST: '0.0.0.0', PORT: '3000', LOG_LEVEL: 'WARN' };
    const { host, port, logLevel } = readProgramSettings(environment);
    assert.deepEqual({ host, port, logLevel }, { host: '0.0.0.0', port: 3000, logLevel: 'warn' });
    const chosen = readProgramSettings(environment, { host: '127.0.0.1', port: '0' });
    assert.deepEqual([chosen.host, chosen.port], ['127.0.0.1', 0]);
  });

  it('what is wrong with them is named together with the problems of the proxy', () => {
    const environment = { ...least, BASE_URL: '', PORT: '80800', LOG_LEVEL: 'loud' };
    const problems = (options = {}) => {
      try {
        readProgramSettings(environment, options);
      } catch (error) {
        assert.ok(error instanceof SettingsError);
        return error.problems.map(({ setting }) => setting);
      }
      return [];
    };
    assert.deepEqual(problems(), ['BASE_URL', 'PORT', 'LOG_LEVEL']);
    assert.deepEqual(problems({ port: '8o' }), ['BASE_URL', '--port', 'LOG_LEVEL']);
  });
});
