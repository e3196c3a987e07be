import { asEnergyError, EnergyError } from '../../errors.js';

const duplicateKey = 11_000;
const notAllowed = 13;
const loginFailed = 18;

/** What a driver's error has that may be shown; its text may not: it names hosts, and sometimes more. */
interface DriverError {
  readonly name: string;
  readonly code?: number | string;
  readonly codeName?: string;
}

function isDriverError(error: unknown): error is DriverError {
  return error instanceof Error && (error.name.startsWith('Mongo') || error.name === 'TimeoutError');
}

/** A failure of the machine or its resolver, which the driver passes on as it is. */
function isSystemError(error: unknown): error is { readonly code: string } {
  const { code } = error as { code?: unknown };
  return error instanceof Error && typeof code === 'string' && /^E[A-Z]+$/.test(code);
}

function unreachable(reason: string): EnergyError {
  return new EnergyError('storage_failed', `The database cannot be reached. (${reason})`, { parameters: { reason } });
}

/** Whether a write failed since its id is taken. */
export function isDuplicateKey(error: unknown): boolean {
  return isDriverError(error) && error.code === duplicateKey;
}

function sentence({ name, code }: DriverError): string {
  if (code === loginFailed) return 'The database rejects the user name or password of MONGODB_URI.';
  if (code === notAllowed) return 'The database does not allow the user of MONGODB_URI to do this.';
  if (name === 'TimeoutError' || name === 'MongoWaitQueueTimeoutError') return 'The database did not answer in time.';
  if (/Network|ServerSelection|PoolClear|TopologyClosed|NotConnected/.test(name)) {
    return 'The database cannot be reached.';
  }
  return 'The database failed.';
}

/**
 * The error as one of the family. The driver's own is not passed on, not even as a cause: it lists the hosts of the
 * cluster, and a cause ends up in logs.
 */
export function storageError(error: unknown): EnergyError {
  if (error instanceof EnergyError) return error;
  if (isSystemError(error)) return unreachable(error.code);
  if (!isDriverError(error)) return asEnergyError(error);
  const reason = error.codeName ?? error.name;
  return new EnergyError('storage_failed', `${sentence(error)} (${reason})`, { parameters: { reason } });
}

/** An address that the driver does not understand. Its complaint may hold parts of the address, hence the password. */
export function addressError(): EnergyError {
  return new EnergyError(
    'invalid_argument',
    'MONGODB_URI is not a valid address of a MongoDB server, such as mongodb://user:password@host:27017/database ' +
      '(special characters of user name and password percent-encoded).',
    { parameters: { setting: 'MONGODB_URI' } },
  );
}
