import type { DiagnosticsBundle, EndpointRecord } from '../../lib/envoy/diagnostics/bundle.js';
import type { Fault } from '../shared/faults.js';
import { page, reply } from '../shared/reply.js';
import type { Reply } from '../shared/reply.js';

/** What a played gateway does with a request: an answer, a refusal of its authentication, or what goes wrong. */
export type Answer = Reply | 'refused' | Fault;

/** What is known of a gateway before it is played. */
export interface PlayedIdentity {
  readonly serial: string;
  /** Dotted version. */
  readonly firmware: string;
  /** Whether requests need a token. */
  readonly tokens: boolean;
}

const faults: Readonly<Record<string, Answer>> = {
  role_insufficient: 'refused',
  credentials_rejected: 'refused',
  gateway_busy: { kind: 'status', status: 503 },
  gateway_unreachable: { kind: 'reset' },
  gateway_timeout: { kind: 'hang' },
  reply_incomplete: { kind: 'resetMidway' },
  reply_invalid: { kind: 'html' },
  reply_too_large: { kind: 'status', status: 500 },
};

function answerOf({ status, contentType, body, error }: EndpointRecord): Answer {
  if (status === 401 || status === 403) return 'refused';
  if (body !== undefined) return reply(status ?? 200, body, contentType);
  return (error && faults[error.code]) ?? page(status ?? 404, `${status ?? 404}`);
}

function element(document: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(document)?.[1];
}

/** The document of `/info` from what the session knew of it, where the bundle has not the document itself. */
function infoOf({ gateway, collectedAt }: DiagnosticsBundle): string | undefined {
  if (!gateway) return undefined;
  const { serial, firmware, partNumber, metered, tokens, time } = gateway;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<envoy_info>',
    `  <time>${time ?? Math.floor(collectedAt / 1000)}</time>`,
    '  <device>',
    `    <sn>${serial}</sn>`,
    ...(partNumber === undefined ? [] : [`    <pn>${partNumber}</pn>`]),
    `    <software>D${firmware}</software>`,
    `    <imeter>${metered}</imeter>`,
    '  </device>',
    ...(tokens ? ['  <web-tokens>true</web-tokens>'] : []),
    '</envoy_info>',
    '',
  ].join('\n');
}

/** The answers of a bundle, and who the gateway is that gives them. */
export class Answers {
  readonly identity: PlayedIdentity;
  readonly #info: Reply;
  readonly #byTarget = new Map<string, Answer>();
  readonly #byPath = new Map<string, Answer>();

  /** @throws where the bundle does not say which gateway it is of */
  constructor(bundle: DiagnosticsBundle) {
    const recorded = bundle.endpoints.find(({ path, body }) => path === '/info' && body !== undefined);
    const document = recorded?.body ?? infoOf(bundle);
    const serial = document === undefined ? undefined : element(document, 'sn');
    const firmware = /^[A-Za-z]?(\d+(?:\.\d+)*)/.exec(element(document ?? '', 'software') ?? '')?.[1];
    if (document === undefined || !serial || firmware === undefined) {
      throw new Error('The bundle does not say which gateway it is of: it has no reply of /info.');
    }
    const tokens = Number.parseInt(firmware) >= 7 || element(document, 'web-tokens') === 'true';
    this.identity = { serial, firmware, tokens };
    this.#info = reply(recorded?.status ?? 200, document, recorded?.contentType ?? 'text/xml');
    for (const record of bundle.endpoints) {
      const answer = answerOf(record);
      const [path = ''] = record.path.split('?');
      this.#byTarget.set(record.path, answer);
      if (!this.#byPath.has(path)) this.#byPath.set(path, answer);
    }
  }

  /** The answer to a GET, by path and query; that of another query where this one was not asked. */
  to(path: string, query: string): Answer {
    if (path === '/info' || path === '/info.xml') return this.#info;
    return this.#byTarget.get(path + query) ?? this.#byPath.get(path) ?? page(404, '404 Not Found');
  }
}
