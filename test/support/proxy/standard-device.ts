import {
  allowInsecureRequests,
  customFetch,
  discovery,
  initiateDeviceAuthorization,
  None,
  pollDeviceAuthorizationGrant,
  refreshTokenGrant,
  type Configuration,
  type CustomFetch,
  type DeviceAuthorizationResponse,
  type TokenEndpointResponse,
} from 'openid-client';
import { publicClient } from '../proxy-settings.js';

/** What the device was given to show. */
export type DeviceCodes = DeviceAuthorizationResponse;

interface Waiting {
  readonly error: string;
  readonly resolve: () => void;
}

/** A device that is made of `openid-client`, a client of the standard that knows nothing of this proxy. */
export class StandardDevice {
  readonly configuration: Configuration;
  readonly #waiting: Set<Waiting>;

  private constructor(configuration: Configuration, waiting: Set<Waiting>) {
    this.configuration = configuration;
    this.#waiting = waiting;
  }

  /** Finds everything about the proxy by its metadata (RFC 8414). */
  static async discover(issuer: URL): Promise<StandardDevice> {
    const waiting = new Set<Waiting>();
    const watchedFetch: CustomFetch = async (url, options) => {
      const answer = await fetch(url, options as RequestInit);
      const text = answer.status === 400 ? await answer.clone().text() : '';
      for (const each of waiting) {
        if (!text.includes(`"${each.error}"`)) continue;
        waiting.delete(each);
        each.resolve();
      }
      return answer;
    };
    const configuration = await discovery(issuer, publicClient, undefined, None(), {
      algorithm: 'oauth2',
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- loopback, without TLS
      execute: [allowInsecureRequests],
      [customFetch]: watchedFetch,
    });
    return new StandardDevice(configuration, waiting);
  }

  /** Resolves when the next answer with this error has come. */
  told(error: string): Promise<void> {
    return new Promise((resolve) => this.#waiting.add({ error, resolve }));
  }

  begin(scope?: string): Promise<DeviceCodes> {
    return initiateDeviceAuthorization(this.configuration, scope === undefined ? {} : { scope });
  }

  /** Polls as often as it was told, until there are tokens or there will be none. */
  poll(codes: DeviceCodes): Promise<TokenEndpointResponse> {
    const tokens = pollDeviceAuthorizationGrant(this.configuration, codes);
    // A test that fails on the way does not wait for it.
    tokens.catch(() => undefined);
    return tokens;
  }

  refresh(refreshToken: string | undefined): Promise<TokenEndpointResponse> {
    return refreshTokenGrant(this.configuration, String(refreshToken));
  }
}
