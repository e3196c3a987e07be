/**
 * Shows the defaults in fields whose property the flow does not carry, as the runtime would take them. `prefix` is that of
 * the dialog's fields, `node-input` or `node-config-input`.
 */
export function showDefaults(node: EditorNode, prefix: string): void {
  for (const [property, { value }] of Object.entries(node._def.defaults)) {
    if (node[property] !== undefined || (typeof value !== 'string' && typeof value !== 'number')) continue;
    $(`#${prefix}-${property}`).val(value);
  }
}
