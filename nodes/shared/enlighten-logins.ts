import type { AccountLogins } from '../../lib/enlighten/account-logins.js';
import type { Account, EnlightenSettings } from '../../lib/enlighten/requests.js';
import type { Storage } from './storage.js';

/**
 * Gives every gateway of an Enlighten account the same `AccountLogins`, so that the account sees one login at a time
 * however many gateways and nodes there are.
 */
export class EnlightenLogins {
  readonly #storage: Storage;
  readonly #accounts = new Map<string, AccountLogins>();

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /** The logins of an account; what talks to the cloud is loaded at the first call. */
  async of(settings: EnlightenSettings, account: Account): Promise<AccountLogins> {
    const { accountId, AccountLogins } = await import('../../lib/enlighten/account-logins.js');
    const { Transport } = await import('../../lib/http/transport.js');
    const id = accountId(settings, account.username);
    const known = this.#accounts.get(id);
    if (known) return known;
    const created = new AccountLogins(settings, new Transport({ mode: 'verify' }), this.#storage.account(id), () =>
      Date.now(),
    );
    this.#accounts.set(id, created);
    return created;
  }
}
