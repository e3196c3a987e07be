import type { Texts } from './catalog.js';
import type { Problem } from './problems.js';

/** A validator as the editor calls it: true, or the reason why not; false for an editor that asks for no reason. */
export type Validator = (this: EditorNode | undefined, value: unknown, options?: ValidatorOptions) => boolean | string;

/**
 * The validator that says what `problem` found, by the texts `validate.<field>.<problem>`. `problem` is also given the
 * node, as it was saved last.
 */
export function validator(
  texts: Texts,
  field: string,
  problem: (value: unknown, node: EditorNode | undefined) => Problem<string>,
): Validator {
  // The editor shows the reason only of functions that declare two parameters, so no default and no rest here.
  return function (value, options) {
    // A flow need not carry every property: the runtime takes the default.
    if (value === undefined) return true;
    const found = problem(value, this);
    if (found === undefined) return true;
    return options === undefined ? false : texts(`validate.${field}.${found}`);
  };
}
