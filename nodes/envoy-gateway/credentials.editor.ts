import type { Texts } from '../shared/editor/catalog.js';
import { isEnvironmentVariable, type Problem } from '../shared/editor/problems.js';
import type { Validator } from '../shared/editor/validator.js';
import { unknownPassword } from '../shared/editor/saved-credentials.js';
import { field } from './form.editor.js';
import type { GatewayFacts } from './replies.editor.js';

/** How a gateway lets in; unknown before it was seen. */
export type Kind = GatewayFacts['authentication'] | 'unknown';

/** What is entered; a stored password or token, which the editor does not know, is `unknownPassword`. */
interface Given {
  readonly username: string;
  readonly password: string;
  readonly token: string;
}

/** Users of a gateway of old whose password is worked out from the serial number. */
const usersWithoutPassword = ['envoy', 'installer', 'nonmaster', 'homeowner', 'admin'];

const kinds = new Map<string, Kind>();
let open: EditorNode | undefined;

/** Keeps how the gateway of a node lets in, where that was found out, and says what is known of it. */
export function learnKind(id: string, found?: GatewayFacts['authentication']): Kind {
  if (found) kinds.set(id, found);
  return kinds.get(id) ?? 'unknown';
}

/** From now on the fields of the dialog count for `node`, or with nothing what was saved. */
export function checkDialogOf(node: EditorNode | undefined): void {
  open = node;
}

function isOpen(node: EditorNode | undefined): boolean {
  return node !== undefined && open?.id === node.id;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** What is entered in the open dialog, or what was saved; undefined where the editor has not asked the runtime for it. */
function givenTo(node: EditorNode | undefined): Given | undefined {
  if (isOpen(node)) {
    const [username = '', password = '', token = ''] = ['username', 'password', 'token'].map((name) =>
      textOf(field(name).val()),
    );
    return { username, password, token };
  }
  const saved = node?.credentials;
  if (!saved) return undefined;
  const secret = (name: string) => textOf(saved[name]) || (saved[`has_${name}`] === true ? unknownPassword : '');
  return { username: textOf(saved.username), password: secret('password'), token: secret('token') };
}

function kindOf(node: EditorNode | undefined): Kind {
  return (node && kinds.get(node.id)) ?? 'unknown';
}

function usernameProblem(given: Given, kind: Kind): Problem<'withoutUser' | 'missing' | 'local'> {
  const { username, password, token } = given;
  if (username === '' && password !== '') return 'withoutUser';
  // Firmware below 7 lets in without anything entered, and a token needs no user.
  if (kind !== 'token' || token !== '') return undefined;
  if (username === '') return 'missing';
  return usersWithoutPassword.includes(username.toLowerCase()) ? 'local' : undefined;
}

function passwordProblem({ username, password }: Given, kind: Kind): Problem<'missing'> {
  if (password !== '' || username === '' || isEnvironmentVariable(username)) return undefined;
  if (usersWithoutPassword.includes(username.toLowerCase())) return undefined;
  // An account of Enlighten is left aside by firmware below 7.
  return kind === 'digest' && username.includes('@') ? undefined : 'missing';
}

function tokenProblem({ token }: Given, kind: Kind): Problem<'invalid'> {
  if (kind === 'digest' || token === '' || token === unknownPassword || isEnvironmentVariable(token)) return undefined;
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token) ? undefined : 'invalid';
}

const checks = { username: usernameProblem, password: passwordProblem, token: tokenProblem };

/** The key of the text that says what is wrong with one of the credentials. */
function problemOf(node: EditorNode | undefined, name: keyof typeof checks): string | undefined {
  const given = givenTo(node);
  const problem = given && checks[name](given, kindOf(node));
  return problem && `validate.${name}.${problem}`;
}

function validatorOf(texts: Texts, find: (node: EditorNode | undefined) => string | undefined): Validator {
  // The editor shows the reason only of functions that declare two parameters.
  return function (_value, options) {
    const key = find(this);
    if (key === undefined) return true;
    return options === undefined ? false : texts(key);
  };
}

/** The validator of the field of one of the credentials. */
export function credentialValidator(texts: Texts, name: keyof typeof checks): Validator {
  return validatorOf(texts, (node) => problemOf(node, name));
}

/**
 * The validator of the credentials of a node whose dialog is closed: the editor itself checks credentials only in the
 * dialog, and would show nothing on the node and when it deploys.
 */
export function savedValidator(texts: Texts): Validator {
  const names = Object.keys(checks) as (keyof typeof checks)[];
  return validatorOf(texts, (node) => {
    if (isOpen(node)) return undefined;
    return names.map((name) => problemOf(node, name)).find((key) => key !== undefined);
  });
}
