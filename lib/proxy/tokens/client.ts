import type { ProxyContext } from '../context.js';
import { ProxyError } from '../http/error.js';
import type { Form } from '../http/form.js';
import type { ProxyRequest } from '../http/types.js';

function unknownClient({ settings }: ProxyContext, basic: boolean): ProxyError {
  const { legacyClientStatus } = settings.compatibility;
  return new ProxyError(legacyClientStatus ? 400 : 401, 'invalid_client', {
    description: 'Unknown client',
    ...(basic && !legacyClientStatus && { headers: { 'www-authenticate': 'Basic realm="device-flow"' } }),
  });
}

function basicCredentials(request: ProxyRequest): string | undefined {
  const [scheme = '', credentials = ''] = (request.headers.get('authorization') ?? '').trim().split(/\s+/);
  return scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : undefined;
}

/**
 * The public client that a request names. Clients have no secret: one who proves himself with a name and a password is
 * taken at his word only if the password is empty (spec/device-flow 1.2, 1.6).
 * @throws ProxyError 401 `invalid_client`, or 400 if the settings ask for that
 */
export function requireClient(context: ProxyContext, request: ProxyRequest, clientId: string): string {
  const basic = basicCredentials(request);
  const known = Object.hasOwn(context.settings.publicClients, clientId);
  const agrees = basic === undefined || basic === `${encodeURIComponent(clientId)}:`;
  if (known && agrees) return clientId;
  throw unknownClient(context, basic !== undefined);
}

/** A parameter of a form. @throws ProxyError 400 `invalid_request` where it is missing or empty */
export function requireParameter(form: Form, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new ProxyError(400, 'invalid_request', { description: `Missing ${name}` });
  return value;
}
