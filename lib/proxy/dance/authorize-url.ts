import { pkceChallenge } from '../codes.js';
import type { ProxySettings } from '../settings/settings.js';

/** What one visit to the consent page adds to the settings. */
export interface Authorization {
  readonly state: string;
  /** Authorization-code mode: what the device asked for. */
  readonly scope?: string;
  /** Authorization-code mode with PKCE. */
  readonly verifier?: string;
}

/**
 * The address of the consent page. Enedis gets client id, response type, state and duration and nothing else, since its
 * firewall stops requests with further parameters (spec/device-flow D22, check 42).
 */
export function authorizeUrl(settings: ProxySettings, { state, scope, verifier }: Authorization): string {
  const url = new URL(settings.endpoints.authorization);
  const set = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') url.searchParams.set(name, value);
  };
  set('client_id', settings.clientId);
  set('response_type', 'code');
  set('state', state);
  set('duration', settings.duration);
  if (settings.mode === 'authorization_code') {
    set('redirect_uri', settings.redirectUri);
    set('scope', scope);
    if (settings.pkce && verifier !== undefined) {
      set('code_challenge', pkceChallenge(verifier));
      set('code_challenge_method', 'S256');
    }
  }
  return url.href;
}
