import type { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { AuthenticationError } from '../errors.js';

/** How the certificate of a server is judged. */
export type CertificateMode = 'pin' | 'verify' | 'insecure';

/** The judge of certificates. */
export interface CertificatePolicy {
  readonly mode: CertificateMode;
  /** The SHA-256 fingerprint that is expected (mode `pin`); `undefined` trusts the first one seen. */
  readonly pinned?: () => string | undefined;
  /** Told the fingerprint of each connection, before anything is sent over it. */
  readonly seen?: (fingerprint: string) => void;
}

/**
 * A fingerprint in the form that Node gives: 32 upper-case hexadecimal bytes joined by colons.
 * `undefined` where the text is no SHA-256 fingerprint.
 */
export function normalizeFingerprint(text: string): string | undefined {
  const digits = text.replace(/[\s:]/g, '').toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? digits.replace(/(..)(?=.)/g, '$1:') : undefined;
}

/**
 * Holds a certificate against the pin.
 * @throws AuthenticationError `certificate_changed` with both fingerprints in `parameters`
 */
export function checkPin(pinned: string | undefined, seen: string): void {
  if (pinned === undefined || pinned === seen) return;
  throw new AuthenticationError(
    'certificate_changed',
    `The gateway shows another certificate than the one that was kept. Kept: ${pinned}. Seen: ${seen}.`,
    { parameters: { stored: pinned, seen }, retryable: true },
  );
}

type BuildConnector = typeof buildConnector;

/**
 * A connector for the HTTP library that applies the policy. Gateways are old: every cipher of OpenSSL's default list
 * is allowed to them (spec/envoy 1.3). Sessions are not resumed, since a resumed one shows no certificate
 * (spec/node-red E).
 */
export function createConnector(
  build: BuildConnector,
  policy: CertificatePolicy,
  timeout: number,
): ReturnType<BuildConnector> {
  if (policy.mode === 'verify') return build({ timeout });
  const connect = build({ timeout, rejectUnauthorized: false, ciphers: 'DEFAULT', maxCachedSessions: 0 });
  return (options, callback) => {
    connect(options, (...result) => {
      const [failure, socket] = result;
      if (failure !== null || options.protocol !== 'https:') {
        callback(...result);
        return;
      }
      try {
        const fingerprint = (socket as TLSSocket).getPeerCertificate().fingerprint256;
        const pinned = policy.pinned?.();
        policy.seen?.(fingerprint);
        if (policy.mode === 'pin') checkPin(pinned, fingerprint);
      } catch (error) {
        socket.destroy();
        callback(error as Error, null);
        return;
      }
      callback(null, socket);
    });
  };
}
