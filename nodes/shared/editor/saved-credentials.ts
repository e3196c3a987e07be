import type { Texts } from './catalog.js';
import type { Problem } from './problems.js';
import type { Validator } from './validator.js';

/** What the editor shows in the field of a password that it does not know. */
export const unknownPassword = '__PWRD__';

/** What may be wrong with each of the credentials; the texts are `validate.<name>.<problem>`. */
type CredentialChecks = Readonly<Record<string, (value: unknown, node: EditorNode | undefined) => Problem<string>>>;

/** A saved credential as its field would show it; undefined where the editor has not asked the runtime for it. */
function savedCredential(node: EditorNode | undefined, name: string): string | undefined {
  const saved = node?.credentials;
  if (!saved) return undefined;
  const value = saved[name];
  if (typeof value === 'string' && value !== '') return value;
  return saved[`has_${name}`] === true ? unknownPassword : '';
}

/**
 * Those of the passwords in the open dialog of a config node that differ from the deployed ones; an emptied one counts
 * only where there was something to empty. They stay as they were typed: a password may begin or end with a space.
 */
export function changedPasswords(node: EditorNode, names: readonly string[]): Record<string, string> {
  const deployed = node.credentials?._ ?? {};
  const changed: Record<string, string> = {};
  for (const name of names) {
    const value = $(`#node-config-input-${name}`).val();
    if (typeof value !== 'string' || value === unknownPassword) continue;
    if (value !== '' || deployed[`has_${name}`] === true) changed[name] = value;
  }
  return changed;
}

/**
 * The validator of the credentials of a node whose dialog is closed, to be put on one of its properties: the editor itself
 * checks credentials only in the dialog, and would show nothing on the node and when it deploys.
 */
export function savedValidator(
  texts: Texts,
  isOpen: (node: EditorNode | undefined) => boolean,
  checks: CredentialChecks,
): Validator {
  // The editor shows the reason only of functions that declare two parameters.
  return function (_value, options) {
    if (isOpen(this)) return true;
    for (const [name, check] of Object.entries(checks)) {
      const saved = savedCredential(this, name);
      const problem = saved === undefined ? undefined : check(saved, this);
      if (problem !== undefined) return options === undefined ? false : texts(`validate.${name}.${problem}`);
    }
    return true;
  };
}
