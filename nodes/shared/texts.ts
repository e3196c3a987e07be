import type { NodeAPI } from 'node-red';
import { AuthenticationError, EnergyError, type AuthenticationCode, type ErrorCode } from '../../lib/errors.js';

const packageName = '@energy-nodes/node-red-envoy-linky';

/** Texts of the package's own catalog in the language of the server; `undefined` where the catalog has no such key. */
export type Texts = (key: string, values?: Readonly<Record<string, string | number>>) => string | undefined;

function catalogOf(RED: NodeAPI, type: string): Texts {
  return (key, values = {}) => {
    const full = `${packageName}/${type}:${key}`;
    const text = RED._(full, values);
    return text === full || text === key ? undefined : text;
  };
}

/** The texts shared by all nodes of this package. */
export function sharedTexts(RED: NodeAPI): Texts {
  return catalogOf(RED, 'envoy-gateway');
}

/** The texts of the nodes that use an `enedis-account`: its own where it has them, else those shared by all. */
export function accountTexts(RED: NodeAPI): Texts {
  const own = catalogOf(RED, 'enedis-account');
  const shared = sharedTexts(RED);
  return (key, values) => own(key, values) ?? shared(key, values);
}

/** A moment as people here write it. */
function moment(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' });
}

/** What an authentication output says (design section 5). */
export interface AuthenticationPayload {
  readonly code: AuthenticationCode;
  readonly message: string;
  /** One sentence that says what to do. */
  readonly action: string;
  readonly retryable: boolean;
  /** ms since the epoch. */
  readonly at: number;
  /** Masked. */
  readonly account?: string;
  /** End of the token, ms since the epoch. */
  readonly expiresAt?: number;
}

function valuesOf(error: EnergyError): Record<string, string | number> {
  const until = error instanceof AuthenticationError && error.retryAt !== undefined ? moment(error.retryAt) : '';
  return {
    stored: '–',
    seen: '–',
    firmware: '–',
    host: '–',
    path: '–',
    status: '–',
    feature: '–',
    until,
    ...error.parameters,
  };
}

/** The payload of an authentication output for an error, in the language of the server. */
export function authenticationPayload(error: AuthenticationError, texts: Texts, now: number): AuthenticationPayload {
  const values = valuesOf(error);
  const { feature } = error.parameters;
  const variants = [
    ...(error.retryAt === undefined ? [] : ['_until']),
    ...(feature === undefined ? [] : [`_${feature}`]),
    '',
  ];
  const textOf = (kind: 'message' | 'action') =>
    variants.map((variant) => texts(`authentication.${kind}.${error.code}${variant}`, values)).find(Boolean);
  return {
    code: error.code,
    message: textOf('message') ?? error.message,
    action: textOf('action') ?? '',
    retryable: error.retryable,
    at: now,
    ...(error.account !== undefined && { account: error.account }),
    ...(error.expiresAt !== undefined && { expiresAt: error.expiresAt }),
  };
}

/** Errors whose own words say which field it is, or what exactly was found. */
const explainedByItself = new Set<ErrorCode>(['internal', 'no_production_source', 'data_quality', 'not_allowed']);

/** What exactly is wrong, where an error carries it as data (lib/explanations.ts). */
function detail(error: EnergyError, texts: Texts): string | undefined {
  const { rule, finding } = error.parameters;
  if (rule === undefined && finding === undefined) return undefined;
  return texts(rule === undefined ? `finding.${finding}` : `argument.${rule}`, valuesOf(error));
}

/** What is wrong with an argument is said by its field alone; a general text would only lead astray. */
function explanation(error: EnergyError, texts: Texts): string | undefined {
  if (error.code !== 'invalid_argument') {
    const variant = texts(`failure.${error.code}_${error.parameters['finding'] ?? ''}`);
    return variant ?? texts(`failure.${error.code}`, valuesOf(error));
  }
  const field = String(error.parameters['field']);
  const problem = texts(`problem.${field.endsWith('Endpoint') ? 'endpoint' : field}`);
  const label = texts(`label.${field}`);
  return problem && label ? texts('problem.of', { label, problem }) : undefined;
}

/** An error that is no matter of authentication, with its text in the language of the server. */
export function localized(error: EnergyError, texts: Texts): EnergyError {
  if (error instanceof AuthenticationError) return error;
  const exact = detail(error, texts);
  const text = error.code === 'invalid_argument' && exact ? exact : explanation(error, texts);
  if (text === undefined) return error;
  const detailed = explainedByItself.has(error.code) ? `${exact ?? error.message} ${text}` : text;
  return new EnergyError(error.code, detailed, { cause: error, parameters: error.parameters });
}

/** An error as the dialogs show it, in the language of the server. */
export function spoken(error: EnergyError, texts: Texts): { code: string; message: string; action?: string } {
  if (!(error instanceof AuthenticationError)) return { code: error.code, message: localized(error, texts).message };
  const { code, message, action } = authenticationPayload(error, texts, Date.now());
  return { code, message, action };
}
