import type { LogLevel } from '../proxy/log.js';
import { settingsFromEnvironment, type EnvironmentSettings } from '../proxy/settings/environment.js';
import { SettingsError, type SettingProblem } from '../proxy/settings/source.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** What the command line may say instead of the environment. */
export interface GivenOptions {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
}

/** Everything that the program runs with. */
export interface ProgramSettings extends EnvironmentSettings {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly logLevel: LogLevel;
}

/** Variables of the program itself; those of the proxy stand with its settings. */
export const programVariables = ['HOST', 'PORT', 'LOG_LEVEL'] as const;

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** What is blank counts as not given. */
function text(environment: Variables, name: (typeof programVariables)[number]): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function readPort(environment: Variables, option: string | undefined, problems: SettingProblem[]): number {
  const given = option ?? text(environment, 'PORT') ?? '8080';
  const port = /^\d+$/.test(given) ? Number(given) : NaN;
  if (port <= 65_535) return port;
  problems.push({ setting: option === undefined ? 'PORT' : '--port', problem: 'must be a number from 0 to 65535.' });
  return 0;
}

function readLevel(environment: Variables, problems: SettingProblem[]): LogLevel {
  const given = text(environment, 'LOG_LEVEL')?.toLowerCase();
  const level = levels.find((each) => each === given);
  if (given !== undefined && !level) {
    problems.push({ setting: 'LOG_LEVEL', problem: `must be one of ${levels.join(', ')}.` });
  }
  return level ?? 'info';
}

/**
 * Reads and checks all that the program runs with.
 * @throws SettingsError that names everything that is wrong
 */
export function readProgramSettings(environment: Variables, options: GivenOptions = {}): ProgramSettings {
  const problems: SettingProblem[] = [];
  const host = options.host ?? text(environment, 'HOST') ?? '127.0.0.1';
  const port = readPort(environment, options.port, problems);
  const logLevel = readLevel(environment, problems);
  let settings: EnvironmentSettings | undefined;
  try {
    settings = settingsFromEnvironment(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    problems.unshift(...error.problems);
  }
  if (!settings || problems.length > 0) throw new SettingsError(problems);
  return { ...settings, host, port, logLevel };
}
