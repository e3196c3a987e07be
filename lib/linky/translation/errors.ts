import type { ErrorDocument } from '../documents.js';
import { listOf, objectOf, parseJson, textOf, type JsonObject } from '../json.js';

/**
 * What an error of Enedis means (spec/device-flow 4.7): `no_consent` the customer does not agree (any more);
 * `application_token` the application's token is not accepted; `misconfigured` the application may not use this
 * interface; `quota` too many calls; `no_data` nothing for this period or point; `objection` the customer does not let
 * this data be collected, or not for this period; `request` the caller asked wrongly; `trouble` anything else, which
 * passes by itself.
 */
export type FaultMeaning =
  'no_consent' | 'application_token' | 'misconfigured' | 'quota' | 'no_data' | 'objection' | 'request' | 'trouble';

/** An error of Enedis, understood. */
export interface Fault {
  readonly meaning: FaultMeaning;
  /** The error in the words of both generations. */
  readonly document: ErrorDocument;
  /** When the next call is allowed, ms since the epoch. */
  readonly nextAccess?: number;
}

interface Words {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

const nests = ['fault', 'error', 'errors', 'erreurs', 'erreur'];

/** Text for people, without control characters and of bounded length. */
function shownText(value: unknown): string | undefined {
  return textOf(value)
    ?.replace(/\p{Cc}+/gu, ' ')
    .slice(0, 500);
}

/** Code and message, wherever they stand: v5, 2026, the gateway's own, a list of either. */
function wordsOf(value: unknown, depth = 0): Words | undefined {
  if (depth > 3) return undefined;
  for (const each of listOf(value)) {
    const entry = objectOf(each);
    const code = textOf(entry['code']) ?? textOf(entry['error']);
    const message = shownText(
      textOf(entry['error_description']) ?? textOf(entry['message']) ?? textOf(entry['description']),
    );
    if (code !== undefined) return { code: code.slice(0, 100), message };
    const nested = nests.map((name) => wordsOf(entry[name], depth + 1)).find((words) => words !== undefined);
    if (nested !== undefined) return nested;
    if (message !== undefined) return { code: undefined, message };
  }
  return undefined;
}

const noConsent = new Set(['ADAM-DC-0007', 'ADAM-DC-0008', 'ADAM-ERR0061']);
const objections = new Set(['ADAM-ERR0075', 'ADAM-DC-0009']);

function meaningOf(status: number, { code = '', message = '' }: Partial<Words>): FaultMeaning {
  const name = code.toUpperCase();
  if (status === 429 || /^9008\d\d$/.test(name)) return 'quota';
  if (/^90090[0-5]$/.test(name)) return 'application_token';
  if (/^9009\d\d$/.test(name)) return 'misconfigured';
  if (noConsent.has(name) || (status === 403 && /no consent/i.test(message))) return 'no_consent';
  if (objections.has(name)) return 'objection';
  if (status === 401) return 'application_token';
  // A code that only repeats an HTTP status comes from the gateway, not from the interface behind it.
  if (/^$|^[1-5]\d\d$/.test(code) || (status !== 400 && status !== 404)) return 'trouble';
  return status === 404 ? 'no_data' : 'request';
}

const gatewayTime = /(\d{4}-[A-Za-z]{3}-\d{1,2}) (\d{2}:\d{2}:\d{2})\s*([+-]\d{4})?/;

/** A moment as the gateway writes it (`2026-Nov-05 10:00:00+0000 UTC`), as ISO 8601 or as a number; ms since the epoch. */
function readAccessTime(value: unknown): number | undefined {
  const text = textOf(value) ?? '';
  if (/^\d{9,13}$/.test(text)) return Number(text) * (text.length > 11 ? 1 : 1000);
  const [, date, time, offset = '+0000'] = gatewayTime.exec(text) ?? [];
  const instant = Date.parse(date === undefined ? text : `${date.replaceAll('-', ' ')} ${time} GMT${offset}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** When the next call is allowed; some replies say it in their description only. */
function nextAccessOf(root: JsonObject): number | undefined {
  const fault = objectOf(root['fault']);
  const description = textOf(root['description'] ?? fault['description']);
  return readAccessTime(root['nextAccessTime'] ?? fault['nextAccessTime'] ?? gatewayTime.exec(description ?? '')?.[0]);
}

/** Understands an error reply: its HTTP status and its body, whatever that is (spec/device-flow 4.7). */
export function readFault(status: number, body: string): Fault {
  const value = parseJson(body);
  const words = wordsOf(value);
  const code = words?.code ?? `enedis_error_${status}`;
  const message = words?.message;
  const nextAccess = nextAccessOf(objectOf(listOf(value)[0]));
  return {
    meaning: meaningOf(status, words ?? {}),
    document: {
      error: code,
      ...(message !== undefined && { error_description: message }),
      code,
      ...(message !== undefined && { message }),
    },
    ...(nextAccess !== undefined && { nextAccess }),
  };
}
