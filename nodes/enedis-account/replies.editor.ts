import type { TestStep } from '../shared/editor/steps.js';

/** What the runtime tells of an account; usage points come masked. */
export interface AccountReply {
  readonly deployed?: boolean;
  readonly state?: 'unlinked' | 'linked' | 'consent_needed';
  readonly usagePoints?: readonly string[];
  readonly scope?: string;
  /** ms since the epoch. */
  readonly accessExpiresAt?: number;
  /** ms since the epoch. */
  readonly consentUntil?: number;
  readonly dance?: 'idle' | 'requesting' | 'waiting';
  readonly problem?: { readonly code: string; readonly message: string; readonly action?: string };
  /** Of a reply to *forget*: whether the server was told. */
  readonly revoked?: boolean;
  /** Of a reply to *test*. */
  readonly steps?: readonly TestStep[];
}

/** What `POST enedis-account/test` is sent: the fields as they stand in the dialog, deployed or not. */
export interface TestRequest extends Readonly<Record<string, unknown>> {
  readonly id: string;
  /** Only what was changed in the dialog; the rest is taken from the deployed node. */
  readonly credentials: Readonly<Record<string, string>>;
}

export type Asked = JQuery.jqXHR<AccountReply>;

// Relative addresses on purpose: only to those does the editor add its access token (spec/node-red A6).

/** Asks the runtime for the state of the deployed account. */
export function requestState(id: string): Asked {
  return $.ajax({ url: `enedis-account/state/${encodeURIComponent(id)}`, dataType: 'json', cache: false });
}

/** Has the runtime try the settings of the dialog. */
export function requestTest(request: TestRequest): Asked {
  const contentType = 'application/json; charset=utf-8';
  const data = JSON.stringify(request);
  return $.ajax({ url: 'enedis-account/test', method: 'POST', contentType, dataType: 'json', data });
}

/** Has the deployed account forget its tokens. */
export function requestForget(id: string): Asked {
  return $.ajax({ url: `enedis-account/forget/${encodeURIComponent(id)}`, method: 'POST', dataType: 'json' });
}
