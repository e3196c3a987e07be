import { randomBytes } from 'node:crypto';
import { AuthenticationError } from '../errors.js';
import {
  authorize,
  digestSession,
  nextNonce,
  nextStep,
  renewed,
  type DigestAnswer,
  type DigestSession,
} from '../http/digest.js';
import type { TransportReply } from '../http/transport.js';
import { isRefusal, roleInsufficient, type Authenticator, type GatewayRequest, type Send } from './authenticator.js';
import type { LocalCredentials } from './password.js';

/** Answers to one request at most: the first, one to a fresh nonce, one to spare. */
const answerLimit = 3;

/** What a person is told where a gateway turned down every answer and yet gives some data. */
export function onlyOpenData(): AuthenticationError {
  const message = 'The gateway rejects the local user name or password; only what it gives to anybody is read.';
  return new AuthenticationError('credentials_rejected', message);
}

/**
 * Digest, for firmware below 7 (spec/envoy 2.2). Connections are not kept: some of these gateways reset a connection
 * on which they sent a challenge.
 */
export class DigestAuthenticator implements Authenticator {
  readonly kind = 'digest';
  readonly #send: Send;
  #state: DigestSession;
  /** Whether the gateway accepted an answer of ours, and whether it turned one down. */
  #accepted = false;
  #rejected = false;

  constructor(send: Send, credentials: LocalCredentials) {
    this.#send = send;
    this.#state = digestSession(credentials.username, credentials.password);
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** True where every answer was turned down, though some paths may be open to anybody. */
  get rejectedEverywhere(): boolean {
    return this.#rejected && !this.#accepted;
  }

  async send(request: GatewayRequest): Promise<TransportReply> {
    for (let answers = 0; ; answers++) {
      const answer = this.#answer(request);
      const headers = answer.header === undefined ? {} : { authorization: answer.header };
      const reply = await this.#send(request, headers, { keepAlive: false });
      if (!isRefusal(reply)) {
        if (answer.header !== undefined) this.#accepted = true;
        this.#state = renewed(this.#state, nextNonce(reply.headers['authentication-info']));
        return reply;
      }
      this.#follow(reply, request, answer.nonce, answers >= answerLimit);
    }
  }

  /** With challenges of its own, so that the counts of one nonce never get out of order. */
  over(send: Send): DigestAuthenticator {
    return new DigestAuthenticator(send, this.#state);
  }

  #answer(request: GatewayRequest): DigestAnswer {
    const uri = `/${request.path.replace(/^\//, '')}`;
    const answer = authorize(this.#state, { method: request.method ?? 'GET', uri }, randomBytes(16).toString('hex'));
    this.#state = answer.state;
    return answer;
  }

  /** Takes up the challenge of a refusal, or raises where there is nothing to be answered. */
  #follow(reply: TransportReply, request: GatewayRequest, answered: string | undefined, last: boolean): void {
    const challenge = reply.headers['www-authenticate'];
    // Without a challenge there is nothing to be answered: it is this path that is closed.
    if (reply.status === 403 || challenge === undefined) throw roleInsufficient(request.path);
    const step = nextStep(this.#state, challenge, answered);
    if (step.kind === 'answer' && !last) {
      this.#state = step.state;
      return;
    }
    this.#rejected = true;
    // An answer sent along to a path that is open to anybody would pass for one that was accepted.
    if (!this.#accepted) this.#state = digestSession(this.#state.username, this.#state.password);
    const unsupported = step.kind === 'unsupported';
    const message = unsupported
      ? `The gateway asks for a kind of authentication that is not known here (${request.path}).`
      : `The gateway rejects the local user name or password (${request.path}).`;
    throw new AuthenticationError('credentials_rejected', message, { parameters: { path: request.path } });
  }
}
