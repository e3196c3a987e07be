import assert from 'node:assert/strict';
import type { SimulatedEnedis } from '../../../simulator/index.js';

/** An answer of the simulated Enedis with its document. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly document: unknown;
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    document = undefined;
  }
  return { status: response.status, headers: response.headers, text, document };
}

/** Asks without following redirects. */
export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  return answerOf(await fetch(url, { redirect: 'manual', ...init }));
}

/** Posts a form. */
export function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Answer> {
  return ask(url, { method: 'POST', body: new URLSearchParams(form), headers });
}

/** Reads data with an application token. */
export function read(
  enedis: SimulatedEnedis,
  path: string,
  parameters: Record<string, string> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const query = new URLSearchParams(parameters).toString();
  const authorization = `Bearer ${enedis.issueToken()}`;
  return ask(`${enedis.url}/${path}${query && '?'}${query}`, { headers: { authorization, ...headers } });
}

/** Reads a resource of `mesure_synchrone_auto/v2`. */
export function measure(
  enedis: SimulatedEnedis,
  resource: string,
  [pointId, dateDebut, dateFin]: readonly [string, string, string],
  more: Record<string, string> = {},
): Promise<Answer> {
  return read(enedis, `mesure_synchrone_auto/v2/${resource}`, { pointId, dateDebut, dateFin, ...more });
}

/** Asks for the services of an authorisation. */
export function services(
  enedis: SimulatedEnedis,
  autorisationId: unknown,
  more: Record<string, unknown> = {},
): Promise<Answer> {
  return ask(`${enedis.url}/subscribed_services/v1`, {
    method: 'POST',
    headers: { authorization: `Bearer ${enedis.issueToken()}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      autorisationId,
      comptage: false,
      etatCode: ['ACTIF', 'DEMANDE'],
      serviceType: 'ACCES',
      ...more,
    }),
  });
}

/** Consents to a customer's data on the page of 2026 and gives the number of the authorisation. */
export async function consentTo(enedis: SimulatedEnedis, customer: string): Promise<number> {
  const callback = new URL(await enedis.consent({ authorizeUrl: enedis.authorizeUrl({ state: 's' }), customer }));
  return Number(callback.searchParams.get('autorisation_id'));
}

/** A member of a document, any number of levels down. */
export function member(document: unknown, ...names: readonly (string | number)[]): unknown {
  let value = document;
  for (const name of names) value = (value as Record<string | number, unknown> | null | undefined)?.[name];
  return value;
}

interface Point {
  readonly v: string | null;
  readonly d: string;
  readonly p?: string;
}

/** The points of the first quantity of an answer of 2026. */
export function pointsOf({ status, text, document }: Answer): readonly Point[] {
  assert.equal(status, 200, text);
  return member(document, 'grandeur', 0, 'points') as readonly Point[];
}

/** The code of an error in whichever words it comes. */
export function codeOf({ document }: Answer): unknown {
  return member(document, 'code') ?? member(document, 'error');
}
