import assert from 'node:assert/strict';
import { root } from '../support/modules.js';
import { unusedBelow, withPlanted } from './tools.js';

/** A package as small as can be, in which each kind of what nobody uses stands once. */
const planted = {
  'package.json': JSON.stringify({ name: 'planted', type: 'module', dependencies: { 'left-over': '1.0.0' } }),
  'tsconfig.json': JSON.stringify({ compilerOptions: { module: 'NodeNext' } }),
  'lib/program/main.ts': "import 'not-listed';\nimport { used } from '../used.js';\nused();\n",
  'lib/used.ts': [
    'export interface Alone {\n  readonly one: number;\n}',
    'export const own = { one: 1 };',
    'export function used(): number {\n  return own.one;\n}\n',
  ].join('\n'),
  'lib/orphan.ts': 'export const nothing = 0;\n',
  'nodes/device-flow/device-flow.editor.ts': 'export const forTheDialog = true;\n',
};

// Types that only the exports of their own file need are left out: whoever calls those may want to name them.
// Express and its types come with Node-RED; the other packages that `knip.json` leaves out are started or found by their path.
describe('what nobody uses', () => {
  it('is not here: files, exports, types and dependencies', async () => {
    assert.deepEqual(await unusedBelow(root), []);
  });

  it('is found where it is, an export that only its own file uses included', async () => {
    assert.deepEqual(await withPlanted(['knip.json'], planted, unusedBelow), [
      'dependencies: left-over (package.json)',
      'exports: own (lib/used.ts)',
      'files: lib/orphan.ts',
      'types: Alone (lib/used.ts)',
      'unlisted: not-listed (lib/program/main.ts)',
    ]);
  });
});
