import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** The name below `energyNodes` under which the html of a node type finds its editor code. */
function globalName(type) {
  return type.replace(/-(\w)/g, (_match, letter) => letter.toUpperCase());
}

/** The editor code of one node type as one readable script, or nothing where it has none. */
async function editorScript(root, type) {
  const entry = join(root, 'nodes', type, `${type}.editor.ts`);
  if (!existsSync(entry)) return '';
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    tsconfig: join(root, 'tsconfig.editor.json'),
    bundle: true,
    write: false,
    format: 'iife',
    globalName: `energyNodes.${globalName(type)}`,
    target: 'es2022',
    charset: 'utf8',
    logLevel: 'silent',
  });
  return result.outputFiles[0].text;
}

/**
 * The html of one node type as Node-RED reads it (spec/node-red A3): shared style, editor code, template, registration.
 * @throws Error where the source breaks what Node-RED or the flow library expects.
 */
export async function editorHtml(root, type) {
  const source = readFileSync(join(root, 'nodes', type, `${type}.html`), 'utf8');
  const templates = [...source.matchAll(/data-template-name\s*=\s*['"]([^'"]*)['"]/g)].map((match) => match[1]);
  if (templates.length !== 1 || templates[0] !== type) {
    throw new Error(`nodes/${type}/${type}.html must hold exactly one template, named ${type}`);
  }
  if (!source.includes(`RED.nodes.registerType('${type}', {`)) {
    throw new Error(`nodes/${type}/${type}.html must call RED.nodes.registerType('${type}', {...}) literally`);
  }
  const style = readFileSync(join(root, 'nodes/shared/editor/form.css'), 'utf8').trim();
  const script = (await editorScript(root, type)).trim();
  if (/<\/?script/i.test(script))
    throw new Error(`The editor code of ${type} holds a script tag, which would end it early`);
  const parts = [`<style>\n${style}\n</style>`];
  if (script) parts.push(`<script type="text/javascript">\n${script}\n</script>`);
  return `${[...parts, source.trim()].join('\n\n')}\n`;
}
