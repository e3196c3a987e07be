import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demoCredentials, demoFlows, dashboardExample } from '../demo/source/flows.mjs';
import { linkyExample } from '../demo/source/linky/flow.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The files made from `demo/source`, by path in the repository. */
export const generatedFlows = {
  'demo/flows.json': demoFlows,
  'demo/flows_cred.json': demoCredentials,
  'examples/dashboard/Envoy dashboard.json': dashboardExample,
  'examples/dashboard/Linky dashboard.json': linkyExample,
};

/** A flow file as text, in the form of the formatter. */
async function formatted(path, content) {
  const prettier = await import('prettier');
  const filepath = join(root, path);
  const options = await prettier.resolveConfig(filepath);
  return prettier.format(JSON.stringify(content), { ...options, filepath });
}

/** Writes the demo flow and the dashboard example anew from `demo/source`. */
export async function writeFlows() {
  for (const [path, content] of Object.entries(generatedFlows)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), await formatted(path, content));
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await writeFlows();
