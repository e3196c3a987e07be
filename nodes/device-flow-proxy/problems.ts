import { EnergyError } from '../../lib/errors.js';
import { SettingsError } from '../../lib/proxy/settings/source.js';
import { packageReason } from '../../lib/store/optional-package.js';

/** Texts of the node's catalog, in the language of the server. */
export type Texts = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** Why a store could not be opened, as the catalog calls it. */
export type FailureKind =
  'locked' | 'forbidden' | 'full' | 'damaged' | 'unreachable' | 'rejected' | 'address' | 'package' | 'internal';

const embeddedReasons = ['locked', 'forbidden', 'full', 'damaged'] as const;

/** What kind of failure an error of opening the store is. */
export function failureKind({ code, parameters }: EnergyError, store: 'embedded' | 'mongodb'): FailureKind {
  if (code === 'invalid_argument') return 'address';
  if (code !== 'storage_failed') return 'internal';
  const { reason } = parameters;
  if (reason === packageReason) return 'package';
  if (store === 'mongodb') return /Auth|Unauthorized/.test(String(reason)) ? 'rejected' : 'unreachable';
  return embeddedReasons.find((each) => each === reason) ?? 'internal';
}

/** The error of a store that could not be opened, with a text that says what to do. */
export function openingError(error: EnergyError, store: 'embedded' | 'mongodb', texts: Texts): EnergyError {
  const kind = failureKind(error, store);
  // Only what comes from the file system may be shown as it is: the words of others could hold anything.
  const detail = store === 'embedded' && error.code === 'storage_failed' && kind === 'internal' ? error.message : '';
  const { directory = '', package: name = '' } = error.parameters;
  const text = [detail, texts(`failure.${kind}`, { directory, package: name })];
  return new EnergyError(error.code, text.filter(Boolean).join(' '), { cause: error, parameters: error.parameters });
}

/** An error about one field of the dialog. */
export function fieldError(field: string, problem: string, texts: Texts): EnergyError {
  return new EnergyError('invalid_argument', `${texts(`label.${field}`)}: ${texts(problem)}`, {
    parameters: { field },
  });
}

/** The error of settings that cannot be used: every field by its name in the dialog, with what to enter. */
export function settingsError({ problems }: SettingsError, texts: Texts): EnergyError {
  const wrong = [...new Set(problems.map(({ setting }) => setting))];
  const lines = wrong.map((field) => `${texts(`label.${field}`)}: ${texts(`problem.${field}`)}`);
  return new EnergyError('invalid_argument', lines.join('\n'), { parameters: { field: wrong.join(', ') } });
}
