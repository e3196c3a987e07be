import { EnergyError } from '../../errors.js';
import type { CertificateMode } from '../../http/certificate.js';
import type { Facts } from '../datasets/types.js';
import type { GatewayInfo } from '../info.js';

/** The format that this version writes, and the only one that it reads. */
export const bundleFormat = 'envoy-diagnostics/1';

/** A failure as a bundle has it. */
export interface NotedFailure {
  /** A code of `lib/errors.ts`, or `skipped` for an endpoint that was not asked since the gateway had fallen silent. */
  readonly code: string;
  readonly message: string;
}

/** What one endpoint answered. */
export interface EndpointRecord {
  /** With its query. */
  readonly path: string;
  /** Status of HTTP; absent where no answer came, or only a refusal (401, 403), which `error` tells. */
  readonly status?: number;
  readonly contentType?: string;
  /** From the moment the request was handed to the session: waiting for others, digest and token checks included. */
  readonly milliseconds: number;
  /** Bytes of the body as it came, in UTF-8; 0 where none came. */
  readonly bytes: number;
  /** The body as text, redacted; every figure in it as the gateway wrote it. */
  readonly body?: string;
  readonly error?: NotedFailure;
}

/** What runs where. */
interface DiagnosticsVersions {
  /** Of this package. */
  readonly package: string;
  readonly nodeRed: string;
  readonly node: string;
  /** Platform and release of the operating system. */
  readonly system: string;
  readonly architecture: string;
}

/** The settings of the node, without anything secret. */
export interface DiagnosticsSettings {
  /** `[masked]` for a public address or name; the port stays. */
  readonly host: string;
  readonly tls: CertificateMode;
  /** Whether a person set the fingerprint of the certificate. */
  readonly fingerprintSet: boolean;
  /** Only where they are not the vendor's: scheme, host and port. */
  readonly cloudUrl?: string;
  readonly tokenUrl?: string;
  /** Days. */
  readonly refreshBefore: number;
  /** Seconds. */
  readonly timeout: number;
}

/** How the session stands. */
export interface DiagnosticsSession {
  readonly authentication?: 'digest' | 'token';
  /** Role of the token. */
  readonly role?: string;
  /** Whole days of life left of the token, negative once it ended. */
  readonly tokenDaysLeft?: number;
  readonly certificate?: { readonly pinned: boolean; readonly matches: boolean };
  /** What a person should look after. */
  readonly problem?: NotedFailure;
}

/**
 * Diagnostics of one gateway, format `envoy-diagnostics/1`: a JSON document that a user can attach to a bug report and
 * that the simulator plays as a gateway.
 *
 * - `format`: `envoy-diagnostics/1`; a change that a reader must know of gets another number.
 * - `redacted`: true once serial numbers, addresses, names and secrets were replaced. Within one bundle equal
 *   originals have equal replacements (a serial number another one of its length, an address another one of its
 *   kind, anything else a label such as `[name-1]`), between bundles they differ. Coordinates are 0, a time zone is
 *   the one of its offset (`Etc/GMT-2` is UTC+2). Measurements, times and eids are the gateway's own.
 * - `collectedAt`: ms since the epoch.
 * - `versions`, `settings`, `session`: what the package ran on and how it stood.
 * - `gateway`: what `/info` told and `facts`: what the probe found; absent where the session did not get that far.
 * - `error`: why no endpoint was asked, or why the probe failed.
 * - `endpoints`: one record for each endpoint that was asked, in that order.
 */
export interface DiagnosticsBundle {
  readonly format: typeof bundleFormat;
  readonly redacted: boolean;
  readonly collectedAt: number;
  readonly versions: DiagnosticsVersions;
  readonly settings: DiagnosticsSettings;
  readonly session: DiagnosticsSession;
  readonly gateway?: GatewayInfo;
  readonly facts?: Facts;
  readonly error?: NotedFailure;
  readonly endpoints: readonly EndpointRecord[];
}

function invalid(reason: string): EnergyError {
  return new EnergyError('invalid_argument', `This is no diagnostics bundle: ${reason}.`, {
    parameters: { field: 'bundle' },
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { path, status, body } = value;
  const statusFits =
    status === undefined || (Number.isInteger(status) && Number(status) >= 100 && Number(status) < 600);
  return (
    typeof path === 'string' && path.startsWith('/') && statusFits && ['string', 'undefined'].includes(typeof body)
  );
}

/**
 * Reads a bundle from its JSON text.
 * @throws EnergyError `invalid_argument` where it is none, or of a format that this version does not know
 */
export function parseBundle(text: string): DiagnosticsBundle {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid('it is not JSON');
  }
  if (!isObject(document)) throw invalid('it is not an object');
  if (document.format !== bundleFormat) throw invalid(`its format is not ${bundleFormat}`);
  const { endpoints, session } = document;
  if (!isObject(session)) throw invalid('it has no session');
  if (!Array.isArray(endpoints) || !endpoints.every(isRecord)) throw invalid('its endpoints have another shape');
  return document as unknown as DiagnosticsBundle;
}
