import { AuthenticationError } from '../../../../lib/errors.js';
import type {
  AccountListener,
  AuthorizedReply,
  AuthorizedRequest,
  DeviceFlowAccount,
} from '../../../../lib/device-flow/account.js';
import type { TokenSet } from '../../../../lib/device-flow/tokens.js';

/** Tokens as they come from a dance. */
interface HeldTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly usagePoints: readonly string[];
}

/** What the account of a test is made of. */
export interface TestAccountOptions {
  readonly tokens: HeldTokens;
  readonly now: () => number;
  /** Renews tokens after 401. */
  readonly refresh?: (refreshToken: string) => Promise<HeldTokens>;
}

/** An account without a dance of its own, and the requests that it sent. */
export interface TestAccount extends DeviceFlowAccount {
  /** Path and query of each request, without the base. */
  readonly sent: string[];
  readonly held: HeldTokens;
  /** Tokens of a new consent, as after a dance. */
  consented(tokens: HeldTokens): void;
}

/** A real account in all that a reader sees of it: it sends with a token, and once more with a renewed one. */
export function testAccount({ tokens, now, refresh }: TestAccountOptions): TestAccount {
  let held = tokens;
  const listeners = new Set<AccountListener>();
  const tokenSet = (): TokenSet => ({
    accessToken: held.accessToken,
    tokenType: 'Bearer',
    usagePoints: held.usagePoints,
    obtainedAt: now(),
  });
  const unsupported = (): never => {
    throw new Error('Not part of this test.');
  };
  const sendOnce = async ({ url, headers, scheme, signal }: AuthorizedRequest): Promise<AuthorizedReply> => {
    const authorization = scheme === 'bare' ? held.accessToken : `Bearer ${held.accessToken}`;
    try {
      const reply = await fetch(url, { headers: { ...headers, authorization }, ...(signal && { signal }) });
      return { status: reply.status, headers: Object.fromEntries(reply.headers), body: await reply.text() };
    } catch (cause) {
      throw new AuthenticationError('cloud_unavailable', 'The server cannot be reached.', { cause, retryable: true });
    }
  };
  const account: TestAccount = {
    sent: [],
    get held() {
      return held;
    },
    consented: (renewed) => {
      held = renewed;
      for (const listener of listeners) listener.onAuthorized?.(tokenSet());
    },
    summary: unsupported,
    start: unsupported,
    cancel: unsupported,
    refresh: unsupported,
    setToken: unsupported,
    forget: unsupported,
    tokens: () => Promise.resolve(tokenSet()),
    send: async (request) => {
      account.sent.push(request.url.pathname + request.url.search);
      const reply = await sendOnce(request);
      if (reply.status !== 401 || !refresh) return reply;
      held = await refresh(held.refreshToken);
      return sendOnce(request);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => Promise.resolve(),
  };
  return account;
}
