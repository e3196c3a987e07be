import type { GatewayCredentials } from '../../lib/envoy/settings.js';
import type { EnlightenLogins } from '../shared/enlighten-logins.js';
import type { Storage } from '../shared/storage.js';
import type { Texts } from '../shared/texts.js';

/** What the admin routes work with. */
export interface AdminParts {
  readonly storage: Storage;
  readonly logins: EnlightenLogins;
  readonly texts: Texts;
  /** The credentials of a deployed config node. */
  readonly credentialsOf: (id: string) => GatewayCredentials | undefined;
}
