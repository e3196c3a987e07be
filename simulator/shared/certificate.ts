import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** A certificate with its key, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the certificate as Node's `fingerprint256`: upper-case hex with colons. */
  readonly fingerprint: string;
}

/** What a certificate is made for. */
export interface CertificateOptions {
  readonly commonName: string;
  readonly names?: readonly string[];
  readonly addresses?: readonly string[];
  /** ms since the epoch; default 20 years from now. */
  readonly validUntil?: number;
}

/** A new self-signed certificate with a key on the curve P-256; a client that trusts it verifies it like any CA. */
export async function createCertificate(options: CertificateOptions): Promise<Certificate> {
  const names = (options.names ?? []).map((value) => ({ type: 2 as const, value }));
  const addresses = (options.addresses ?? []).map((ip) => ({ type: 7 as const, ip }));
  const now = Date.now();
  const validUntil = options.validUntil ?? now + 20 * 365 * 86_400_000;
  const made = await generate([{ name: 'commonName', value: options.commonName }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(Math.min(now, validUntil) - 86_400_000),
    notAfterDate: new Date(validUntil),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'subjectAltName', altNames: [...names, ...addresses] },
    ],
  });
  return { key: made.private, cert: made.cert, fingerprint: new X509Certificate(made.cert).fingerprint256 };
}
