import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { body } from '../page.mjs';

/** The text of a template of these pages. */
function template(name) {
  return readFileSync(fileURLToPath(new URL(`${name}.vue.html`, import.meta.url)), 'utf8').trim();
}

/** A function node with the body of a function. */
export function functionNode(tab, { id, name, code, x, y, wires }) {
  const none = { timeout: 0, noerr: 0, initialize: '', finalize: '', libs: [] };
  return { id, type: 'function', z: tab, name, func: body(code), outputs: wires.length, ...none, x, y, wires };
}

/** A node that explains. */
export function comment(id, z, name, place, info = '') {
  return { id, type: 'comment', z, name, info, ...place, wires: [] };
}

/** What fails in the nodes of `scope`. */
export function catchNode(tab, { id, scope, x, y, wires }) {
  return { id, type: 'catch', z: tab, name: '', scope, uncaught: false, x, y, wires };
}

/** A card in a group, made from the template of that name. */
export function card(tab, { id, name, from, group, order = 1, width, height, x, y, wires = [[]] }) {
  const kept = { storeOutMessages: false, passthru: false, resendOnRefresh: true };
  return {
    id,
    type: 'ui-template',
    z: tab,
    group: group.id,
    page: '',
    ui: '',
    name,
    order,
    width: String(width),
    height: String(height),
    head: '',
    format: template(from),
    ...kept,
    templateScope: 'local',
    className: '',
    x,
    y,
    wires,
  };
}
