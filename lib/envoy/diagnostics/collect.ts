import { randomBytes } from 'node:crypto';
import { arch, platform, release } from 'node:os';
import { asEnergyError, AuthenticationError, type EnergyError } from '../../errors.js';
import type { TransportReply } from '../../http/transport.js';
import type { GatewayRequest } from '../authenticator.js';
import { isNetworkError } from '../failures.js';
import type { KnownGateway } from '../session-options.js';
import { vendorUrls, type GatewaySettings } from '../settings.js';
import type { SessionState } from '../state.js';
import {
  bundleFormat,
  type DiagnosticsBundle,
  type DiagnosticsSession,
  type DiagnosticsSettings,
  type EndpointRecord,
  type NotedFailure,
} from './bundle.js';
import { endpointsFor } from './endpoints.js';
import { redact } from './redact.js';

/** What diagnostics ask of a session; `GatewaySession` is one. */
export interface DiagnosedSession {
  readonly settings: GatewaySettings;
  readonly state: SessionState;
  known(): Promise<KnownGateway>;
  /** One request with authentication, its reply as it came, whatever its status, with no probe before it. */
  exchange(request: GatewayRequest): Promise<TransportReply>;
}

/** What the session does not know. */
export interface DiagnosticsEnvironment {
  readonly packageVersion: string;
  readonly nodeRedVersion: string;
  /** User name, password and token as configured: replaced wherever they stand. */
  readonly secrets?: readonly (string | undefined)[];
  /** ms since the epoch. */
  readonly now?: () => number;
}

/** After so many requests without an answer in a row the gateway is left alone. */
const silenceLimit = 3;
const day = 24 * 3600 * 1000;

function noted(error: EnergyError): NotedFailure {
  return { code: error.code, message: error.message };
}

/** Whether a host says nothing of where it is: a private address, or a name that is known in its house only. */
function isPrivate(name: string): boolean {
  const address =
    /^(?:10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$|^\[(?:::1|f[cde][0-9a-f:]*)\]$/i;
  return address.test(name) || /^localhost$|\.local$/i.test(name);
}

function hostParts(host: string): { name: string; port: string } {
  const [, name = host, port = ''] = /^(.*?)(:\d+)?$/.exec(host.trim()) ?? [];
  return { name, port };
}

function describeSettings(settings: GatewaySettings): DiagnosticsSettings {
  const { host, tls, fingerprint, cloudUrl, tokenUrl, refreshBefore, timeout } = settings;
  const { name, port } = hostParts(host);
  return {
    host: isPrivate(name) ? host : `[masked]${port}`,
    tls,
    fingerprintSet: fingerprint !== undefined,
    ...(cloudUrl !== vendorUrls.cloudUrl && { cloudUrl: new URL(cloudUrl).origin }),
    ...(tokenUrl !== vendorUrls.tokenUrl && { tokenUrl: new URL(tokenUrl).origin }),
    refreshBefore,
    timeout,
  };
}

function describeSession({ gateway, token, certificate, problem }: SessionState, now: number): DiagnosticsSession {
  return {
    ...(gateway && { authentication: gateway.authentication }),
    ...(token?.role !== undefined && { role: token.role }),
    ...(token && { tokenDaysLeft: Math.floor((token.expiresAt - now) / day) }),
    ...(certificate && {
      certificate: { pinned: certificate.pinned !== undefined, matches: certificate.matches },
    }),
    ...(problem && { problem: noted(problem) }),
  };
}

function recorded({ status, headers, body }: TransportReply): Omit<EndpointRecord, 'path' | 'milliseconds'> {
  const contentType = headers['content-type'];
  return { status, ...(typeof contentType === 'string' && { contentType }), bytes: Buffer.byteLength(body), body };
}

async function askEndpoint(
  session: DiagnosedSession,
  path: string,
): Promise<{ record: EndpointRecord; error?: EnergyError }> {
  const begun = performance.now();
  const elapsed = (): number => Math.round(performance.now() - begun);
  try {
    const answer = recorded(await session.exchange({ path }));
    return { record: { path, milliseconds: elapsed(), ...answer } };
  } catch (cause) {
    const error = asEnergyError(cause);
    const status = Number(error.parameters.status);
    const record = { path, ...(status > 0 && { status }), milliseconds: elapsed(), bytes: 0, error: noted(error) };
    return { record, error };
  }
}

/** One endpoint after another; once the gateway is silent the others are noted as skipped. */
async function askAll(session: DiagnosedSession, paths: readonly string[]): Promise<EndpointRecord[]> {
  const records: EndpointRecord[] = [];
  let silent = 0;
  for (const path of paths) {
    if (silent >= silenceLimit) {
      const error = { code: 'skipped', message: 'Not asked: the gateway had stopped answering.' };
      records.push({ path, milliseconds: 0, bytes: 0, error });
      continue;
    }
    const { record, error } = await askEndpoint(session, path);
    records.push(record);
    silent = isNetworkError(error) ? silent + 1 : 0;
    if (error?.code === 'closed') break;
  }
  return records;
}

/** Whether asking is of no use, or would do harm, after the gateway could not be got to know. */
function forbidsAsking(error: EnergyError): boolean {
  return error instanceof AuthenticationError || error.code === 'closed' || isNetworkError(error);
}

/**
 * Everything that a maintainer needs to understand a user's system, redacted: versions, settings, the state of the
 * session, and the replies of the endpoints, asked one after another, once each (spec/envoy 2.3.5, 7, 9 row 18).
 * A failing endpoint is noted in its record. Where the session is blocked, or the gateway cannot be reached, nothing is
 * asked and `error` says why.
 * @returns a bundle of format `envoy-diagnostics/1`, ready to be shown and attached
 */
export async function collectDiagnostics(
  session: DiagnosedSession,
  environment: DiagnosticsEnvironment,
): Promise<DiagnosticsBundle> {
  const { packageVersion, nodeRedVersion, secrets = [], now = Date.now } = environment;
  const { settings } = session;
  let known: KnownGateway | undefined;
  let error: EnergyError | undefined;
  try {
    known = await session.known();
  } catch (cause) {
    error = asEnergyError(cause);
  }
  const paths = error && forbidsAsking(error) ? [] : endpointsFor(known?.info.firmware);
  const endpoints = await askAll(session, paths);
  const bundle: DiagnosticsBundle = {
    format: bundleFormat,
    redacted: false,
    collectedAt: now(),
    versions: {
      package: packageVersion,
      nodeRed: nodeRedVersion,
      node: process.versions.node,
      system: `${platform()} ${release()}`,
      architecture: arch(),
    },
    settings: describeSettings(settings),
    session: describeSession(session.state, now()),
    ...(known && { gateway: known.info, facts: known.facts }),
    ...(error && { error: noted(error) }),
    endpoints,
  };
  const { name } = hostParts(settings.host);
  const hidden = [...(isPrivate(name) ? [] : [name]), ...secrets.filter((secret) => secret !== undefined)];
  return redact(bundle, { salt: randomBytes(24).toString('base64'), secrets: hidden });
}
