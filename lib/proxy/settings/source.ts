import { EnergyError } from '../../errors.js';

/** Something wrong with one setting: what, and what to do. No value that may be secret. */
export interface SettingProblem {
  /** The setting's name as the person knows it. */
  readonly setting: string;
  readonly problem: string;
}

/** Settings that cannot be used; names every problem at once. */
export class SettingsError extends EnergyError {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    const list = problems.map(({ setting, problem }) => `${setting}: ${problem}`).join('\n');
    super('invalid_argument', `The settings cannot be used.\n${list}`, {
      parameters: { field: problems.map(({ setting }) => setting).join(', ') },
    });
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/** Where settings come from: the environment, or the properties of a node. */
export interface SettingSource {
  /** The value of a field as it was given; `undefined` and `''` are "not given". */
  value(field: string): unknown;
  /** What the person calls the field. */
  name(field: string): string;
}

const booleans = new Map<string, boolean>([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

/** Reads typed values from a source and collects what is wrong with them. */
export class SettingReader {
  readonly problems: SettingProblem[] = [];
  readonly warnings: string[] = [];
  readonly #source: SettingSource;

  constructor(source: SettingSource) {
    this.#source = source;
  }

  name(field: string): string {
    return this.#source.name(field);
  }

  problem(field: string, problem: string): void {
    this.problems.push({ setting: this.name(field), problem });
  }

  warn(field: string, text: string): void {
    this.warnings.push(`${this.name(field)}: ${text}`);
  }

  /** The text without blanks around it. */
  text(field: string): string | undefined {
    const value = this.#source.value(field);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
    const text = String(value).trim();
    return text === '' ? undefined : text;
  }

  required(field: string, remedy: string): string {
    const text = this.text(field);
    if (text === undefined) this.problem(field, `missing. ${remedy}`);
    return text ?? '';
  }

  /** Only `true`, `false`, `1`, `0`, `yes` and `no` count, so that nothing is switched by a slip (spec/device-flow D4). */
  flag(field: string): boolean {
    const text = this.text(field);
    if (text === undefined) return false;
    const flag = booleans.get(text.toLowerCase());
    if (flag === undefined) this.problem(field, 'must be true or false.');
    return flag ?? false;
  }

  integer(field: string, usual: number, range: { readonly min: number; readonly max: number }): number {
    const text = this.text(field);
    if (text === undefined) return usual;
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= range.min && number <= range.max) return number;
    this.problem(field, `must be a whole number from ${range.min} to ${range.max}.`);
    return usual;
  }

  choice<T extends string>(field: string, choices: readonly [T, ...T[]]): T {
    const text = this.text(field)?.toLowerCase();
    const found = choices.find((choice) => choice === text);
    if (text !== undefined && found === undefined) this.problem(field, `must be one of ${choices.join(', ')}.`);
    return found ?? choices[0];
  }

  list(field: string): string[] {
    const parts = (this.text(field) ?? '').split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '');
  }

  /** An absolute http or https URL without query, fragment, user and slash at the end. */
  url(field: string, usual: string): string {
    const text = this.text(field) ?? usual;
    if (!URL.canParse(text)) {
      if (text !== '') this.problem(field, 'must be a whole URL such as https://example.org.');
      return '';
    }
    const url = new URL(text);
    const plain = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
    if (!plain || !/^https?:$/.test(url.protocol)) {
      this.problem(field, 'must be an http or https URL without user, query and fragment.');
    }
    return text.replace(/\/+$/, '');
  }

  /** @throws SettingsError where anything was wrong */
  finish(): void {
    if (this.problems.length > 0) throw new SettingsError(this.problems);
  }
}
