import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { UsageError } from './usage.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}` in a value stands for another value of the file, as in the PHP server's files; a lone dollar is a dollar. */
function expanded(values: Variables): Variables {
  const expand = (text: string, within: readonly string[]): string =>
    text.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined || within.includes(name) ? whole : expand(value, [...within, name]);
    });
  return Object.fromEntries(Object.entries(values).map(([name, text = '']) => [name, expand(text, [name])]));
}

/**
 * The variables of a `.env` file together with those of the environment, which count more.
 * @throws UsageError where the file cannot be read
 */
export async function readEnvironment(file: string | undefined, environment: Variables): Promise<Variables> {
  if (file === undefined) return environment;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UsageError(`--env-file: ${file} cannot be read (${code}).`);
  }
  return { ...expanded(parseEnv(text)), ...environment };
}
