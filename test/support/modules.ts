import { readdir, readFile } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** One import or re-export of a module. */
export interface Import {
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
