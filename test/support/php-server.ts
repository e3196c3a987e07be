import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from './server.js';

/** How a PHP-like server is set up. */
export interface PhpServerOptions {
  /** ms since the epoch. */
  readonly now: () => number;
  /** Seconds that codes really live at the server; 300 are told. */
  readonly lifetime?: number;
  /** The least number after the slash of the User-Agent. */
  readonly minVersion?: number;
  readonly usagePoints?: readonly string[];
}

/** A server that answers as the PHP device-flow proxy does. */
export interface PhpServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** Where it takes refresh tokens. */
  readonly refreshUrl: string;
  /** The forms that came, with their path. */
  readonly requests: readonly { readonly path: string; readonly form: URLSearchParams }[];
  /** A person enters the code and consents. */
  consent(userCode: string): void;
  forgetAccessTokens(): void;
  forgetRefreshTokens(): void;
  close(): Promise<void>;
}

interface Code {
  readonly userCode: string;
  readonly endsAt: number;
  consented: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: object | string;
}

const hex = () => randomBytes(32).toString('hex');
const page: Answer = { status: 404, body: '<!doctype html><title>Not Found</title>' };

function refusal(error: string, description?: string, status = 400): Answer {
  return { status, body: { error, ...(description !== undefined && { error_description: description }) } };
}

/** What the server knows; its answers are those of spec/device-flow 1.2, 1.6 and 1.8. */
class PhpState {
  readonly #options: PhpServerOptions;
  readonly codes = new Map<string, Code>();
  readonly refreshTokens = new Map<string, string>();
  readonly accessTokens = new Set<string>();
  url = '';

  constructor(options: PhpServerOptions) {
    this.#options = options;
  }

  answer(path: string, form: URLSearchParams, request: IncomingMessage): Answer {
    const known = path === '/device/code' || path === '/device/token' || path === '/device/refresh';
    if (!known && !path.startsWith('/data/proxy/')) return page;
    const version = Number.parseFloat(request.headers['user-agent']?.split('/')[1] ?? '');
    if (!(version >= (this.#options.minVersion ?? 0))) return refusal('version_mismatch', 'Le plugin est trop ancien');
    if (path === '/device/code') return this.#code(form);
    if (path === '/device/token') return this.#poll(form);
    // It hands what comes from behind it on with status 200, whatever it is.
    if (path === '/device/refresh') return { ...this.#refresh(form), status: 200 };
    return this.#data(request.headers.authorization ?? '');
  }

  #code(form: URLSearchParams): Answer {
    if (!form.get('client_id')) return refusal('invalid_request', 'Missing client_id');
    const [deviceCode, userCode] = [hex(), `ABCD-EFG${String.fromCharCode(72 + this.codes.size)}`];
    const endsAt = this.#options.now() + (this.#options.lifetime ?? 300) * 1000;
    this.codes.set(deviceCode, { userCode, endsAt, consented: false });
    const body = { device_code: deviceCode, user_code: userCode, verification_uri: `${this.url}/device` };
    return { status: 200, body: { ...body, expires_in: '300', interval: '5.0' } };
  }

  #poll(form: URLSearchParams): Answer {
    if (form.get('client_id') !== 'client') return refusal('invalid_request', 'Bad client_id');
    const deviceCode = form.get('device_code') ?? '';
    const code = this.codes.get(deviceCode);
    if (!code || code.endsAt <= this.#options.now()) return refusal('invalid_grant', 'device_code not found in db');
    if (!code.consented) return refusal('authorization_pending');
    this.codes.delete(deviceCode);
    const list = (this.#options.usagePoints ?? ['12345678901234']).join(',');
    const refreshToken = hex();
    this.refreshTokens.set(refreshToken, list);
    return this.#tokens(refreshToken, { usage_points_id: list });
  }

  #refresh(form: URLSearchParams): Answer {
    const [list, token] = [form.get('usage_points_id'), form.get('refresh_token')];
    if (!list) return refusal('invalid_request', 'Missing usage_points_id');
    if (!token) return refusal('invalid_request', 'Missing refresh_token');
    const kept = this.refreshTokens.get(token);
    if (kept === undefined) return refusal('invalid_request', 'refresh_token not found in database');
    if (kept === list) return this.#tokens(token, {});
    return refusal('invalid_request', 'refresh_token not corresponding to usage_points_id');
  }

  #tokens(refreshToken: string, more: object): Answer {
    const accessToken = hex();
    this.accessTokens.add(accessToken);
    const body = { access_token: accessToken, refresh_token: refreshToken, token_type: 'Bearer', expires_in: '12600' };
    return { status: 200, body: { ...body, scope: '', ...more } };
  }

  #data(authorization: string): Answer {
    if (authorization === '') return refusal('Unauthorized', 'Autorization missing', 404);
    if (this.accessTokens.has(authorization.replace('Bearer ', '')))
      return { status: 200, body: { meter_reading: {} } };
    return refusal('Unauthorized', 'Access token not found', 403);
  }
}

/** Starts a server that answers as the PHP device-flow proxy does; its client is called `client`. */
export async function startPhpServer(options: PhpServerOptions): Promise<PhpServer> {
  const state = new PhpState(options);
  const requests: { path: string; form: URLSearchParams }[] = [];
  const server = await serve((message, response) => {
    void text(message).then((body) => {
      const { pathname: path } = new URL(message.url ?? '/', 'http://php');
      const form = new URLSearchParams(body);
      requests.push({ path, form });
      const answer = state.answer(path, form, message);
      const isPage = typeof answer.body === 'string';
      response.writeHead(answer.status, { 'content-type': isPage ? 'text/html; charset=UTF-8' : 'application/json' });
      response.end(isPage ? answer.body : JSON.stringify(answer.body).replaceAll('/', '\\/'));
    });
  });
  state.url = server.url.origin;
  return {
    url: state.url,
    refreshUrl: `${state.url}/device/refresh`,
    requests,
    consent: (userCode) => {
      for (const code of state.codes.values()) if (code.userCode === userCode) code.consented = true;
    },
    forgetAccessTokens: () => state.accessTokens.clear(),
    forgetRefreshTokens: () => state.refreshTokens.clear(),
    close: () => server.close(),
  };
}
