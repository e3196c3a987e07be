/** How much a line of the log matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a line may say besides its message: short plain values, never a secret. */
export type LogFields = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Takes lines of a log. */
export type Log = (level: LogLevel, message: string, fields?: LogFields) => void;

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** A log of one JSON object a line, from a level on. */
export function jsonLog(write: (line: string) => void, least: LogLevel = 'info', now = Date.now): Log {
  return (level, message, fields = {}) => {
    if (order.indexOf(level) < order.indexOf(least)) return;
    write(JSON.stringify({ time: new Date(now()).toISOString(), level, message, ...fields }));
  };
}
