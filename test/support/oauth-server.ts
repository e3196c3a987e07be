import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from './server.js';

/** A request to the token endpoint. */
interface TokenEndpointRequest {
  readonly query: URLSearchParams;
  readonly form: URLSearchParams;
}

/** An answer of the token endpoint. */
interface TokenEndpointAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A plain OAuth server on loopback: one confidential client, codes with PKCE, refresh tokens, each good once. */
export interface OAuthServer {
  readonly authorization: string;
  readonly token: string;
  /** Of the one client. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Everything that the token endpoint was asked, oldest first. */
  readonly requests: readonly TokenEndpointRequest[];
  /** Answers so instead, the next time. */
  answerNext(answer: TokenEndpointAnswer): void;
  /**
   * Consents as a person would on the authorize page.
   * @param more parameters that are added to the callback
   * @returns the address that the browser is sent back to
   * @throws where the page would show an error
   */
  consent(authorizeUrl: string, more?: Readonly<Record<string, string>>): string;
  close(): Promise<void>;
}

interface IssuedCode {
  readonly redirectUri: string;
  readonly challenge: string | undefined;
}

const clientId = 'oauth-application';
const clientSecret = 'oauth-secret';
const random = (): string => randomBytes(16).toString('hex');

function refusal(error: string, description: string, status = 400): TokenEndpointAnswer {
  return { status, body: { error, error_description: description } };
}

/** Codes and tokens of the server. */
class Grants {
  readonly #codes = new Map<string, IssuedCode>();
  readonly #refreshTokens = new Set<string>();

  issueCode(code: IssuedCode): string {
    const name = random();
    this.#codes.set(name, code);
    return name;
  }

  answer({ form }: TokenEndpointRequest): TokenEndpointAnswer {
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return refusal('invalid_client', 'The client is not who it says.', 401);
    }
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.#redeem(form);
      case 'refresh_token':
        return this.#refreshTokens.delete(form.get('refresh_token') ?? '')
          ? this.#tokens()
          : refusal('invalid_grant', 'The refresh token is unknown or used.');
      case 'client_credentials':
        return { status: 200, body: { access_token: random(), token_type: 'Bearer', expires_in: 3600 } };
      default:
        return refusal('unsupported_grant_type', 'There is no such grant.');
    }
  }

  #redeem(form: URLSearchParams): TokenEndpointAnswer {
    const name = form.get('code') ?? '';
    const code = this.#codes.get(name);
    this.#codes.delete(name);
    if (form.get('redirect_uri') !== code?.redirectUri) {
      return refusal('invalid_grant', 'The code is unknown, used, or for another redirect address.');
    }
    const verifier = form.get('code_verifier') ?? '';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (code.challenge !== undefined && code.challenge !== challenge) {
      return refusal('invalid_grant', 'The verifier does not fit the challenge.');
    }
    return this.#tokens();
  }

  #tokens(): TokenEndpointAnswer {
    const refreshToken = random();
    this.#refreshTokens.add(refreshToken);
    const body = { access_token: random(), refresh_token: refreshToken, token_type: 'Bearer', expires_in: 3600 };
    return { status: 200, body: { ...body, region: 'north' } };
  }
}

function consent(grants: Grants, authorizeUrl: string, more: Readonly<Record<string, string>>): string {
  const { searchParams } = new URL(authorizeUrl);
  const redirectUri = searchParams.get('redirect_uri');
  if (searchParams.get('client_id') !== clientId || searchParams.get('response_type') !== 'code' || !redirectUri) {
    throw new Error(`The authorize page shows an error: ${authorizeUrl}`);
  }
  const hasChallenge = searchParams.get('code_challenge_method') === 'S256';
  const challenge = hasChallenge ? (searchParams.get('code_challenge') ?? '') : undefined;
  const callback = new URL(redirectUri);
  callback.searchParams.set('code', grants.issueCode({ redirectUri, challenge }));
  callback.searchParams.set('state', searchParams.get('state') ?? '');
  for (const [name, value] of Object.entries(more)) callback.searchParams.set(name, value);
  return callback.href;
}

async function readRequest(message: IncomingMessage): Promise<TokenEndpointRequest> {
  const { searchParams: query } = new URL(message.url ?? '/', 'http://oauth');
  return { query, form: new URLSearchParams(await text(message)) };
}

function send(response: ServerResponse, { status, body }: TokenEndpointAnswer): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** Starts an OAuth server for the authorization-code mode of the proxy. */
export async function startOAuthServer(): Promise<OAuthServer> {
  const grants = new Grants();
  const requests: TokenEndpointRequest[] = [];
  const next: TokenEndpointAnswer[] = [];
  const server = await serve((message, response) => {
    readRequest(message).then(
      (request) => {
        requests.push(request);
        send(response, next.shift() ?? grants.answer(request));
      },
      () => response.destroy(),
    );
  });
  return {
    authorization: new URL('authorize', server.url).href,
    token: new URL('token', server.url).href,
    clientId,
    clientSecret,
    requests,
    answerNext: (answer) => {
      next.push(answer);
    },
    consent: (authorizeUrl, more = {}) => consent(grants, authorizeUrl, more),
    close: () => server.close(),
  };
}
