import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** One import or re-export of a module. */
interface Import {
  /** A path from the root for a module of ours, else the name of a package. */
  readonly target: string;
  readonly own: boolean;
  /** Whether it is there for the compiler only. */
  readonly typeOnly: boolean;
  /** Whether it is loaded when the code gets there and not when the module is. */
  readonly dynamic: boolean;
}

/** One module of ours, by its path from the root. */
export interface Module {
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
}

async function filesBelow(directory: string, pattern: RegExp): Promise<string[]> {
  const entries = await readdir(join(root, directory), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

function importOf(path: string, specifier: string, kind: { typeOnly: boolean; dynamic: boolean }): Import {
  if (!specifier.startsWith('.')) return { target: specifier.replace(/^node:/, ''), own: false, ...kind };
  const target = posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts');
  return { target, own: true, ...kind };
}

function importsOf(path: string, source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      // With `verbatimModuleSyntax` only the word before the braces keeps a module from being loaded.
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
      found.push(importOf(path, node.moduleSpecifier.text, { typeOnly, dynamic: false }));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      found.push(importOf(path, node.moduleSpecifier.text, { typeOnly: node.isTypeOnly, dynamic: false }));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [name] = node.arguments;
      if (name && ts.isStringLiteral(name)) {
        found.push(importOf(path, name.text, { typeOnly: false, dynamic: true }));
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (ts.isStringLiteral(literal)) found.push(importOf(path, literal.text, { typeOnly: true, dynamic: false }));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** All modules below these directories of the root, by path. */
export async function modulesBelow(...directories: string[]): Promise<ReadonlyMap<string, Module>> {
  const files = (await Promise.all(directories.map((each) => filesBelow(each, /\.ts$/)))).flat();
  const modules = files.map(async (path): Promise<[string, Module]> => {
    const text = await readFile(join(root, path), 'utf8');
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
    return [path, { path, lines: lineCount(text), imports: importsOf(path, source) }];
  });
  return new Map(await Promise.all(modules));
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

/** The files below these directories with the number of their lines. */
export async function linesBelow(pattern: RegExp, ...directories: string[]): Promise<ReadonlyMap<string, number>> {
  const files = (await Promise.all(directories.map((each) => filesBelow(each, pattern)))).flat();
  const counted = files.map(async (path): Promise<[string, number]> => {
    return [path, lineCount(await readFile(join(root, path), 'utf8'))];
  });
  return new Map(await Promise.all(counted));
}

/** Everything that is loaded with a module: our own modules by path, and names of packages. */
export function loadedWith(modules: ReadonlyMap<string, Module>, start: string): ReadonlyMap<string, string> {
  const reachedFrom = new Map<string, string>([[start, '']]);
  for (const path of reachedFrom.keys()) {
    for (const { target, typeOnly, dynamic } of modules.get(path)?.imports ?? []) {
      if (!typeOnly && !dynamic && !reachedFrom.has(target)) reachedFrom.set(target, path);
    }
  }
  return reachedFrom;
}

/** The circles of imports among modules, each as the modules on it. */
export function circlesOf(modules: ReadonlyMap<string, Module>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) circles.push([...way.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const { target, own } of modules.get(path)?.imports ?? []) {
      if (own && modules.has(target)) walk(target, [...way, path]);
    }
    done.add(path);
  };
  for (const path of modules.keys()) walk(path, []);
  return circles;
}

/** A function with a name, by `path:line name`. */
export interface NamedFunction {
  readonly place: string;
  /** Its lines but for those of named functions within it, which count by themselves. */
  readonly lines: number;
}

function isNamed(node: ts.Node): node is ts.FunctionLikeDeclaration {
  if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) return false;
  if (!ts.isArrowFunction(node) && !ts.isFunctionExpression(node)) return true;
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
}

/** The functions of a source text. */
export function functionsIn(path: string, content: string): NamedFunction[] {
  const source = ts.createSourceFile(path, content, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line + 1;
  const found: NamedFunction[] = [];
  /** Gives how many of the lines of a node belong to named functions. */
  const visit = (node: ts.Node): number => {
    let within = 0;
    ts.forEachChild(node, (child) => {
      within += visit(child);
    });
    if (!isNamed(node)) return within;
    const first = lineOf(node.getStart(source));
    const lines = lineOf(node.end) - first + 1;
    const { name } =
      ts.isArrowFunction(node) || ts.isFunctionExpression(node) ? (node.parent as ts.NamedDeclaration) : node;
    found.push({ place: `${path}:${first} ${name?.getText(source) ?? ''}`.trim(), lines: lines - within });
    return lines;
  };
  visit(source);
  return found;
}

/** What a source text exports without a doc comment, by `path:line`. */
export function uncommentedIn(path: string, content: string): string[] {
  const source = ts.createSourceFile(path, content, ts.ScriptTarget.Latest, true);
  const isExported = (node: ts.Statement): boolean =>
    ts.canHaveModifiers(node) && (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return source.statements
    .filter((node) => isExported(node) && !ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc))
    .map((node) => `${path}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`);
}

/** What `find` finds in the sources below these directories. */
export async function inSourcesBelow<T>(
  find: (path: string, content: string) => T[],
  ...directories: string[]
): Promise<T[]> {
  const files = (await Promise.all(directories.map((each) => filesBelow(each, /\.(ts|mts|mjs|cjs)$/)))).flat();
  return (await Promise.all(files.map(async (path) => find(path, await readFile(join(root, path), 'utf8'))))).flat();
}
