import type { DiagnosticsBundle } from '../../lib/envoy/diagnostics/bundle.js';
import { DigestGuard } from '../gateway/digest.js';
import { factoryPasswords } from '../gateway/local-password.js';
import { gatewayCertificate } from '../gateway/running-gateway.js';
import { createBearerGuard } from '../gateway/sessions.js';
import type { Certificate } from '../shared/certificate.js';
import { Listener } from '../shared/listener.js';
import { createRequestLog } from '../shared/request-log.js';
import type { RequestLog } from '../shared/request-log.js';
import { createTokenAuthority } from '../shared/tokens.js';
import type { TokenAuthority, TokenOptions } from '../shared/tokens.js';
import { Answers } from './answers.js';
import { createReplayHandler } from './handler.js';

/** Where and how a bundle is played. */
export interface ReplayOptions {
  /** An address of 127.0.0.0/8. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Whose tokens are good: a simulated cloud, or any authority. Default one of its own. */
  readonly cloud?: { readonly authority: TokenAuthority };
  readonly authority?: TokenAuthority;
  /** Time by which tokens and nonces expire, ms since the epoch; default the real one. */
  readonly tokenClock?: () => number;
  readonly certificate?: Certificate;
}

/** A bundle that is played as a gateway. */
export interface ReplayedGateway {
  /** With the scheme of its firmware. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** As in the bundle, redacted: tokens are for this one. */
  readonly serial: string;
  readonly firmware: string;
  /** SHA-256 of the certificate as Node's `fingerprint256`. */
  readonly fingerprint: string;
  readonly log: RequestLog;
  /** Of the local users below firmware 7, derived from the redacted serial number. */
  readonly localPasswords: Readonly<Record<string, string>>;
  /** A token of the role that the session of the bundle had. */
  issueToken(options?: Partial<TokenOptions>): Promise<string>;
  close(): Promise<void>;
}

function roleOf({ session }: DiagnosticsBundle): Partial<TokenOptions> {
  return session.role === 'installer' ? { user: 'installer' } : {};
}

/**
 * Plays a diagnostics bundle as a live gateway on loopback, so that whoever looks into a report reads the system of
 * its user: https and tokens from firmware 7 on, http and Digest below. Its replies stay those of the bundle.
 * @throws where the bundle does not say which gateway it is of
 */
export async function startReplay(bundle: DiagnosticsBundle, options: ReplayOptions = {}): Promise<ReplayedGateway> {
  const { host = '127.0.0.1', port = 0, tokenClock = Date.now } = options;
  const answers = new Answers(bundle);
  const { serial, firmware, tokens } = answers.identity;
  const authority = options.authority ?? options.cloud?.authority ?? (await createTokenAuthority());
  const certificate = options.certificate ?? (await gatewayCertificate(serial, host));
  const localPasswords = factoryPasswords(serial);
  const closing = new AbortController();
  const log = createRequestLog();
  const handler = createReplayHandler({
    answers,
    digest: new DigestGuard(() => localPasswords, tokenClock),
    bearer: createBearerGuard({ authority, serial: () => serial, clock: tokenClock }),
    log,
    closed: closing.signal,
  });
  const listener = new Listener({ host, port, certificate, handler });
  listener.accept = (protocol) => (protocol === 'tls') === tokens;
  await listener.open();
  return {
    url: `${tokens ? 'https' : 'http'}://${host}:${listener.port}`,
    host,
    port: listener.port,
    serial,
    firmware,
    fingerprint: certificate.fingerprint,
    log,
    localPasswords,
    issueToken: (wish = {}) => authority.issue({ serial, ...roleOf(bundle), ...wish }),
    close: async () => {
      closing.abort();
      await listener.close();
    },
  };
}
