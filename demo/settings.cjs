/* global process */
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const userDirectory = process.env.DEMO_DIR;
const samples = join(userDirectory, 'samples.json');

// The demo ends with the command that started it, even where that was killed.
process.on('disconnect', () => process.exit());

/** Settings of Node-RED for `npm start`: loopback only, nothing sent to anybody, nothing installed. */
module.exports = {
  uiHost: '127.0.0.1',
  flowFile: 'flows.json',
  flowFilePretty: true,
  credentialSecret: readFileSync(join(userDirectory, 'credential-secret'), 'utf8'),
  functionGlobalContext: existsSync(samples) ? { envoySamples: JSON.parse(readFileSync(samples, 'utf8')) } : {},
  telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: process.env.DEMO_LOG, metrics: false, audit: false } },
  editorTheme: { tours: false, projects: {} },
  externalModules: { palette: { allowInstall: false, allowUpload: false }, modules: { allowInstall: false } },
};
