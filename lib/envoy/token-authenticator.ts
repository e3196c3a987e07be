import type { CookieJar } from '../http/cookies.js';
import type { TransportReply } from '../http/transport.js';
import { isRefusal, roleInsufficient, type Authenticator, type GatewayRequest, type Send } from './authenticator.js';
import { interpretJson } from './failures.js';
import type { HeldToken } from './held-token.js';
import type { TokenKeeper } from './token-keeper.js';

const checkPath = '/auth/check_jwt';
/** How long a token that the gateway confirmed counts as good when another path refuses it, ms. */
const confirmationLife = 60_000;

function headersFor(token: HeldToken, cookies: CookieJar): Record<string, string> {
  const cookie = cookies.header;
  return { authorization: `Bearer ${token.value}`, ...(cookie !== undefined && { cookie }) };
}

/**
 * Step C of spec/envoy 2.3.1: whether the gateway accepts the token; its session cookie goes into the jar.
 * @throws EnergyError where the gateway gives no verdict
 */
export async function checkToken(send: Send, token: HeldToken, cookies: CookieJar): Promise<boolean> {
  const reply = await send({ path: checkPath }, { authorization: `Bearer ${token.value}`, accept: '*/*' });
  if (isRefusal(reply)) return false;
  if (reply.status !== 200) interpretJson(reply, checkPath);
  cookies.accept(reply.headers['set-cookie']);
  return true;
}

/**
 * Tokens, for firmware 7 and newer (spec/envoy 2.3). A refusal is looked into with the gateway first: a token that it
 * still accepts means that the path wants a higher role, any other is replaced once.
 */
export class TokenAuthenticator implements Authenticator {
  readonly kind = 'token';
  readonly #send: Send;
  readonly #keeper: TokenKeeper;
  readonly #cookies: CookieJar;
  readonly #now: () => number;
  #confirmed: { readonly token: string; readonly until: number } | undefined;

  constructor(send: Send, keeper: TokenKeeper, cookies: CookieJar, now: () => number) {
    this.#send = send;
    this.#keeper = keeper;
    this.#cookies = cookies;
    this.#now = now;
  }

  async prepare(): Promise<void> {
    await this.#keeper.usable();
  }

  async send(request: GatewayRequest): Promise<TransportReply> {
    const token = await this.#keeper.usable();
    const reply = await this.#attempt(request, token);
    if (!isRefusal(reply)) return reply;
    if (this.#isConfirmed(token)) throw roleInsufficient(request.path);
    if (await this.#check(token)) {
      // It may have been the session cookie that ended; there is a new one now.
      const second = await this.#attempt(request, token);
      if (!isRefusal(second)) return second;
      throw roleInsufficient(request.path);
    }
    return this.#sendWithAnother(request, token);
  }

  over(send: Send): TokenAuthenticator {
    return new TokenAuthenticator(send, this.#keeper, this.#cookies, this.#now);
  }

  async #sendWithAnother(request: GatewayRequest, dead: HeldToken): Promise<TransportReply> {
    this.#cookies.reset();
    const token = await this.#keeper.replace(dead);
    const reply = await this.#attempt(request, token);
    if (!isRefusal(reply)) return reply;
    if (await this.#check(token)) throw roleInsufficient(request.path);
    throw this.#keeper.refusedFresh(token);
  }

  async #attempt(request: GatewayRequest, token: HeldToken): Promise<TransportReply> {
    const reply = await this.#send(request, headersFor(token, this.#cookies));
    if (!isRefusal(reply)) this.#cookies.accept(reply.headers['set-cookie']);
    return reply;
  }

  async #check(token: HeldToken): Promise<boolean> {
    this.#cookies.reset();
    const accepted = await checkToken(this.#send, token, this.#cookies);
    this.#confirmed = accepted ? { token: token.value, until: this.#now() + confirmationLife } : undefined;
    return accepted;
  }

  #isConfirmed(token: HeldToken): boolean {
    return this.#confirmed?.token === token.value && this.#now() < this.#confirmed.until;
  }
}
