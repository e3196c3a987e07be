import type { ProxyContext } from '../context.js';
import { addressSubject, clientAddress } from '../http/client-address.js';
import type { ProxyRequest } from '../http/types.js';
import { hashed } from '../ids.js';

/** What limits count by where nothing else is known of a request: the keyed hash of the address it came from. */
export function requesterOf({ settings, secrets }: ProxyContext, request: ProxyRequest): string {
  return hashed(secrets, 'address', addressSubject(clientAddress(settings, request)));
}
