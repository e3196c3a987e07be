import { EnergyError } from '../errors.js';

/** Packages that an installation may be without: `optionalDependencies` of package.json. Only the proxy uses them. */
type OptionalPackage = 'classic-level' | 'mongodb' | 'prom-client';

/** What `reason` says among the parameters of the error about a package. */
export const packageReason = 'package';

const missingCodes: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/** What is wrong, in few words. What a package without a build for this machine says goes on with paths. */
function complaint(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (missingCodes.includes(code)) return 'is not installed';
  const [words = ''] = String(message ?? error).split('\n');
  return `does not work on this machine (${typeof code === 'string' ? code : words})`;
}

/**
 * What `load`, an import of this package, gives.
 * @throws EnergyError `storage_failed` with `reason` `package`, which names the package and says how to install it,
 * where it is missing or there is no build of it for this machine
 */
export async function loadOptional<T>(name: OptionalPackage, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new EnergyError(
      'storage_failed',
      `The package ${name} ${complaint(cause)}. Run "npm install ${name}" where this package is installed, ` +
        'for Node-RED in its user directory, and start it again.',
      { cause, parameters: { reason: packageReason, package: name } },
    );
  }
}
