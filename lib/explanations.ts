import { EnergyError, type ErrorParameters } from './errors.js';

/** A rule that needs no value to be told. */
type Plain = object;

interface Words {
  readonly words: readonly string[];
}

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

interface Other {
  /** Name of the field that this one is compared with. */
  readonly other: string;
}

/**
 * What an argument of a flow or a setting must be or must not do, with the values that complete its text. A node tells a
 * broken rule in the language of its server, by the text `argument.<rule>` of the catalog of `envoy-gateway`.
 */
export interface ArgumentRules {
  readonly oneOf: Words;
  readonly numberBetween: Bounds;
  readonly wholeNumber: Bounds;
  readonly wholeNumberInSteps: Bounds & { readonly step: number };
  /** true, false, on or off. */
  readonly truth: Plain;
  readonly textUpTo: { readonly longest: number };
  readonly serialNumber: Plain;
  readonly serialNumbers: Plain;
  readonly object: Plain;
  /** An object has a key that is none of these words. */
  readonly knownKeys: Words;
  /** One setting was given under both of these names. */
  readonly givenOnce: Words;
  /** None of these words was given. */
  readonly someChange: Words;
  readonly notAbove: Other;
  readonly below: Other;
  /** The words are the ids of the dry contacts that there are. */
  readonly knownDryContact: Words;
  readonly someDryContact: Plain;
  readonly someBattery: Plain;
  readonly batteryOnce: Plain;
  /** The serial number is masked. */
  readonly knownBattery: { readonly serial: string };
  /** The gateway itself refused the list. */
  readonly acceptedBatteries: { readonly path: string; readonly status: number };
  readonly host: Plain;
  readonly url: Plain;
  readonly fingerprint: Plain;
  readonly searchTime: Bounds;
  readonly searchNetworks: Plain;
  readonly searchPort: Bounds;
  readonly gatewayChosen: Plain;
  /** The payload of the topic `token`. */
  readonly tokenText: Plain;
  /** The payload of the topic `request`, as the two after it. */
  readonly requestPath: Plain;
  readonly requestMethod: Words;
  readonly bodyWithGet: Plain;
  /** A node that only reads was asked for another method than GET. */
  readonly getOnly: Plain;
  /** A node was given a command that it is not allowed. */
  readonly notTicked: { readonly command: string };
}

/** Name of a rule. */
export type ArgumentRule = keyof ArgumentRules;

/** A rule that was broken, with its values. */
export type BrokenRule = { readonly [R in ArgumentRule]: { readonly rule: R } & ArgumentRules[R] }[ArgumentRule];

/** Lists as people read them. */
function readable(broken: BrokenRule): ErrorParameters {
  const entries = Object.entries(broken as Readonly<Record<string, string | number | readonly string[]>>);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'object' ? value.join(', ') : value]),
  );
}

/**
 * The error `invalid_argument` for a field that breaks a rule: `parameters` hold `field`, `rule` and the values of the rule,
 * lists with commas.
 * @param message the same in English, for those who use lib/ by itself
 */
export function invalidArgument(field: string, broken: BrokenRule, message: string, cause?: unknown): EnergyError {
  return new EnergyError('invalid_argument', message, { cause, parameters: { ...readable(broken), field } });
}

/** The error `not_allowed`, which carries the same as `invalidArgument`. */
export function notAllowed(field: string, broken: BrokenRule, message: string): EnergyError {
  return new EnergyError('not_allowed', message, { parameters: { ...readable(broken), field } });
}

/**
 * What was found at a gateway that gives no production; a node tells it by the text `finding.<finding>` of the catalog
 * of `envoy-gateway`.
 */
export const findings = [
  'webPagesOnly',
  'noReports',
  'outdatedSummary',
  'emptySummary',
  'noSummary',
  'allZero',
] as const;

/** Name of a finding. */
export type Finding = (typeof findings)[number];

/** The error for a finding: `parameters` hold `finding`, beside what is given. */
export function findingError(
  code: 'no_production_source' | 'data_quality',
  finding: Finding,
  message: string,
  parameters: ErrorParameters & { readonly firmware: string },
): EnergyError {
  return new EnergyError(code, message, { parameters: { ...parameters, finding } });
}
