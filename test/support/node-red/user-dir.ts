import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** The root of this repository. */
export const repositoryRoot = resolve(here, '../../..');

/** The package that Node-RED loads: this repository, or the one that `PACKAGE_DIR` names. */
export const packageRoot = resolve(process.env['PACKAGE_DIR'] ?? repositoryRoot);

/** How much Node-RED writes to its log. */
type LogLevel = 'off' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** A node of a flow file. */
export type FlowNode = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** What a user directory starts with. */
export interface UserDirContent {
  flows?: readonly FlowNode[];
  /** Credentials by node id; Node-RED encrypts the file with its first deploy. */
  credentials?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  settings?: Readonly<Record<string, unknown>>;
  /** False for a user directory in which nothing is installed yet; by default the package under test is. */
  installed?: boolean;
  logLevel: LogLevel;
}

const temporary = new Set<string>();
process.on('exit', () => {
  for (const folder of temporary) rmSync(folder, { recursive: true, force: true });
});

/** A new folder that disappears when the test process ends. */
export function temporaryUserDir(): string {
  const folder = mkdtempSync(join(tmpdir(), 'node-red-test-'));
  temporary.add(folder);
  return folder;
}

/** What Node-RED encrypts credentials with. */
export const credentialSecret = 'a secret of the tests';

function baseSettings(logLevel: LogLevel): Record<string, unknown> {
  return {
    uiHost: '127.0.0.1',
    uiPort: 0,
    flowFile: 'flows.json',
    credentialSecret,
    debugMaxLength: 1_000_000,
    telemetry: { enabled: false, updateNotification: false },
    logging: { console: { level: logLevel, metrics: false, audit: false } },
    // Modules that happen to lie beside Node-RED slow its start down; a test that wants one passes its own list.
    externalModules: {
      palette: { allowInstall: false, allowUpload: false, allowList: ['*'], denyList: ['@flowfuse/*'] },
    },
    editorTheme: { tours: false, projects: { enabled: false } },
  };
}

function linkPackage(userDir: string): void {
  const link = join(userDir, 'node_modules/@energy-nodes/node-red-envoy-linky');
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(packageRoot, link, 'junction');
}

/**
 * Makes `userDir` ready to start from: settings, the package under test, the nodes of the tests, and, where given, flows and
 * credentials. Whatever else lies in it stays, so that a Node-RED can be started again on what an earlier one left.
 */
export function prepareUserDir(userDir: string, content: UserDirContent): void {
  mkdirSync(join(userDir, 'nodes'), { recursive: true });
  if (content.installed !== false) linkPackage(userDir);
  // Node-RED takes a script for a node only where an html of the same name lies beside it.
  for (const file of ['test-nodes.cjs', 'test-nodes.html'])
    copyFileSync(join(here, file), join(userDir, 'nodes', file));
  const settings = { ...baseSettings(content.logLevel), ...content.settings };
  writeFileSync(join(userDir, 'settings.js'), `module.exports = ${JSON.stringify(settings, null, 2)};\n`);
  if (content.flows) writeFileSync(join(userDir, 'flows.json'), JSON.stringify(content.flows, null, 2));
  if (content.credentials) writeFileSync(join(userDir, 'flows_cred.json'), JSON.stringify(content.credentials));
}
