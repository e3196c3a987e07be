import { readFileSync } from 'node:fs';
import { parse, type Expression, type ObjectExpression, type Property } from 'acorn';

/** A node type as the html of a node registers it, read the way the scorecard does: from inline scripts, not run. */
export interface EditorType {
  readonly type: string;
  /** Members that stand there literally. */
  readonly literals: Readonly<Record<string, unknown>>;
  /** Members that are an object with plain keys: those keys. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** What the scorecard could not read. */
  readonly unreadable: readonly string[];
}

interface SyntaxNode {
  readonly type: string;
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof (value as { type?: unknown } | null)?.type === 'string';
}

/** A syntax node with all below it. */
function* nodesBelow(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const value of Object.values(node)) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isSyntaxNode(each)) yield* nodesBelow(each);
    }
  }
}

function plainKey({ computed, key }: Property): string | undefined {
  return !computed && key.type === 'Identifier' ? key.name : undefined;
}

function membersOf({ properties }: ObjectExpression): [string | undefined, Expression | undefined][] {
  return properties.map((each) => (each.type === 'Property' ? [plainKey(each), each.value] : [undefined, undefined]));
}

function editorType(type: string, definition: ObjectExpression): EditorType {
  const literals: Record<string, unknown> = {};
  const keys: Record<string, string[]> = {};
  const unreadable: string[] = [];
  for (const [name, value] of membersOf(definition)) {
    if (name === undefined) unreadable.push('a member without a plain name');
    else if (value?.type === 'Literal') literals[name] = value.value;
    else if (value?.type === 'ObjectExpression') {
      const inner = membersOf(value).map(([key]) => key);
      keys[name] = inner.filter((key) => key !== undefined);
      if (inner.includes(undefined)) unreadable.push(`${name}: a member without a plain name`);
    }
  }
  return { type, literals, keys, unreadable };
}

/** The scripts of an html file that the scorecard reads. */
export function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script\b[^>]*\btype=['"]text\/javascript['"][^>]*>([\s\S]*?)<\/script>/gi)].map(
    ([, script = '']) => script,
  );
}

/**
 * The types that an html registers with a literal name and a literal object.
 * @throws SyntaxError where a script cannot be parsed
 */
export function editorTypes(file: string): EditorType[] {
  const found: EditorType[] = [];
  for (const script of inlineScripts(readFileSync(file, 'utf8'))) {
    for (const node of nodesBelow(parse(script, { ecmaVersion: 'latest' }))) {
      if (node.type !== 'CallExpression') continue;
      const { callee, arguments: given } = node as import('acorn').CallExpression;
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') continue;
      const [type, definition] = given;
      if (callee.property.name !== 'registerType' || type?.type !== 'Literal') continue;
      if (typeof type.value === 'string' && definition?.type === 'ObjectExpression') {
        found.push(editorType(type.value, definition));
      }
    }
  }
  return found;
}
