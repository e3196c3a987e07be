import type { TokenRole } from '../shared/tokens.js';

/** An account of the vendor's cloud. */
export interface Account {
  readonly email: string;
  password: string;
  /** Owners get tokens of a year, installers of twelve hours. */
  readonly role: TokenRole;
  /** The gateways that it may get tokens for. */
  serials: string[];
  /** Multi-factor authentication is on. */
  mfa: boolean;
  blocked: boolean;
  /** Life of its tokens, seconds; by role where nothing is given. */
  tokenLifetime?: number | undefined;
  /** Wrong passwords since the last right one. */
  rejections: number;
}

/** An account as a test or the demo writes it down. */
export type AccountOptions = Pick<Account, 'email' | 'password'> &
  Partial<Omit<Account, 'email' | 'password' | 'rejections'>>;

/** What came of a login. */
export type LoginOutcome = 'accepted' | 'rejected' | 'blocked' | 'mfa' | 'refused' | 'faulty';

/** After so many wrong passwords in a row an account is blocked. */
const rejectionLimit = 10;

/** An account with its defaults filled in. */
export function createAccount(options: AccountOptions): Account {
  const { role = 'owner', serials = [], mfa = false, blocked = false, ...rest } = options;
  return { ...rest, role, serials: [...serials], mfa, blocked, rejections: 0 };
}

/** What a login with this password comes to; counts wrong ones and blocks the account when there were too many. */
export function tryLogin(account: Account | undefined, password: string): LoginOutcome {
  if (!account) return 'rejected';
  if (account.blocked) return 'blocked';
  if (account.password !== password) {
    account.rejections++;
    account.blocked = account.rejections >= rejectionLimit;
    return 'rejected';
  }
  account.rejections = 0;
  return account.mfa ? 'mfa' : 'accepted';
}
