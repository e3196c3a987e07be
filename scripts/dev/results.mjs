import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { join as joinNative } from 'node:path';
import { filesBelow, hashOf } from '../build/files.mjs';

/** The built modules that are loaded with the given ones: these and what they import from each other. */
function loadedWith(root, modules) {
  const loaded = new Set(modules);
  for (const module of loaded) {
    const path = joinNative(root, module);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    for (const [, target] of text.matchAll(/(?:from|import)[ (]*['"](\.[^'"]+)['"]/g)) {
      loaded.add(join(dirname(module), target));
    }
  }
  return [...loaded].sort();
}

/**
 * What came of the builds, as hashes: `simulators`, what runs in them; `code`, what Node-RED loads; `editor`, what it hands to
 * browsers; `flows`, those of the demo. Equal hashes need no restart.
 */
export function resultsOf(root) {
  const built = [...filesBelow(root, 'dist/lib'), ...filesBelow(root, 'dist/nodes')];
  const isCode = (path) => path.endsWith('.js');
  const isEditors = (path) => !isCode(path) && !path.endsWith('.d.ts');
  const simulator = filesBelow(root, 'dist/simulator').filter(isCode);
  return {
    simulators: hashOf(root, loadedWith(root, simulator)),
    code: hashOf(root, [...built.filter(isCode), 'package.json', 'package-lock.json', 'demo/settings.cjs']),
    editor: hashOf(root, built.filter(isEditors)),
    flows: hashOf(root, ['demo/flows.json', 'demo/flows_cred.json']),
  };
}
