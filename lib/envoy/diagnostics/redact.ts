import type { DiagnosticsBundle, EndpointRecord, NotedFailure } from './bundle.js';
import { Redactor } from './redaction/redactor.js';

/** What redaction needs beside the bundle. */
export interface RedactionOptions {
  /** What the replacements follow from: random, and not kept. Equal salts give equal bundles. */
  readonly salt: string;
  /** Texts known to be secret (host, user name, password, token): replaced wherever they stand. */
  readonly secrets?: readonly string[];
}

function failure(error: NotedFailure, redactor: Redactor): NotedFailure {
  return { code: error.code, message: redactor.plain(error.message) };
}

function endpoint(record: EndpointRecord, redactor: Redactor): EndpointRecord {
  const { body, error } = record;
  return {
    ...record,
    ...(body !== undefined && { body: redactor.text(body) }),
    ...(error && { error: failure(error, redactor) }),
  };
}

function settings(plain: DiagnosticsBundle['settings'], redactor: Redactor): DiagnosticsBundle['settings'] {
  const { host, cloudUrl, tokenUrl } = plain;
  return {
    ...plain,
    host: redactor.plain(host),
    ...(cloudUrl !== undefined && { cloudUrl: redactor.plain(cloudUrl) }),
    ...(tokenUrl !== undefined && { tokenUrl: redactor.plain(tokenUrl) }),
  };
}

/**
 * A bundle without serial numbers, addresses, names, places and secrets, wherever they stand in the replies: under
 * the keys that hold such things, and by their looks in any text, key, XML or HTML. What they are replaced with is
 * told in `DiagnosticsBundle`. Numbers that measure something stay as the gateway wrote them. A bundle that is
 * redacted already comes back as it is.
 */
export function redact(bundle: DiagnosticsBundle, { salt, secrets = [] }: RedactionOptions): DiagnosticsBundle {
  if (bundle.redacted) return bundle;
  const redactor = new Redactor(salt, bundle.collectedAt);
  for (const secret of secrets) redactor.hide(secret);
  const { gateway, session, error } = bundle;
  const serial = gateway && redactor.serial(gateway.serial);
  // What the last reply gives away must be known when the first one is redacted.
  for (const { body } of bundle.endpoints) if (body !== undefined) redactor.text(body);
  return {
    ...bundle,
    redacted: true,
    settings: settings(bundle.settings, redactor),
    session: { ...session, ...(session.problem && { problem: failure(session.problem, redactor) }) },
    ...(gateway && serial !== undefined && { gateway: { ...gateway, serial } }),
    ...(error && { error: failure(error, redactor) }),
    endpoints: bundle.endpoints.map((record) => endpoint(record, redactor)),
  };
}
