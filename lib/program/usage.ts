import { SettingsError } from '../proxy/settings/source.js';
import { EnergyError } from '../errors.js';

/** A command that was typed wrongly; its text is all that is shown. */
export class UsageError extends Error {}

/** Ends the program with a text that says what to do: status 2 for what the person at the keyboard can mend, else 1. */
export function fail(error: unknown): void {
  const known = error instanceof UsageError || error instanceof SettingsError || error instanceof EnergyError;
  process.stderr.write(`${known ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = error instanceof UsageError || error instanceof SettingsError ? 2 : 1;
}
