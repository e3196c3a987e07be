import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NodeRedOptions } from '../../support/node-red.js';
import { repositoryRoot, temporaryUserDir } from '../../support/node-red/user-dir.js';

const dashboard = '@flowfuse/node-red-dashboard';

/**
 * A folder in which Dashboard 2.0 is installed. It lies outside of the user directory: npm removes from there what it did
 * not install itself, as soon as the palette manager installs something.
 */
function dashboardFolder(): string {
  const folder = temporaryUserDir();
  const link = join(folder, 'node_modules', dashboard);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(repositoryRoot, 'node_modules', dashboard), link, 'junction');
  return folder;
}

/** A catalogue of the palette manager in which nothing stands: that of Node-RED is not on this machine. */
function catalogueFolder(): string {
  const folder = temporaryUserDir();
  const catalogue = { name: 'Empty catalogue', updated_at: '2026-01-01T00:00:00Z', modules: [] };
  writeFileSync(join(folder, 'catalogue.json'), JSON.stringify(catalogue));
  return folder;
}

/**
 * A Node-RED as it is after its own installation: an empty user directory, a palette manager that may install. Dashboard 2.0 is there,
 * the package under test is not.
 */
export function newHome(): Pick<NodeRedOptions, 'settings' | 'installed' | 'env'> {
  return {
    installed: false,
    settings: {
      nodesDir: dashboardFolder(),
      httpStatic: [{ path: catalogueFolder(), root: '/catalogue' }],
      externalModules: { palette: { allowInstall: true, allowUpload: true } },
      editorTheme: {
        tours: false,
        projects: { enabled: false },
        palette: { catalogues: ['catalogue/catalogue.json'] },
      },
    },
    env: { npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' },
  };
}
