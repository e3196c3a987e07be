/**
 * What may be wrong with a value typed into a dialog: each function returns the key of the text that says so and what
 * to do, or undefined where the value is fine. A value that is as a whole `${NAME}` is fine everywhere: Node-RED
 * replaces it by the environment variable when the node starts (spec/node-red A6).
 */
export type Problem<Key extends string> = Key | undefined;

/** Limits of a number; both ends belong to the range. */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
}

/** Whether the whole value stands for an environment variable. */
export function isEnvironmentVariable(value: string): boolean {
  return /^\$\{[^}]+\}$/.test(value);
}

function typed(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

function isPort(port: string): boolean {
  return /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
}

/** Whether `address` is an IPv6 address; the browser's own parser decides. */
function isIpv6(address: string): boolean {
  return /^[0-9A-Fa-f:.]+$/.test(address) && URL.canParse(`http://[${address}]/`);
}

function isHostName(name: string): boolean {
  if (/^[\d.]+$/.test(name)) {
    const parts = name.split('.');
    return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
  }
  return name.length <= 253 && /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?$/.test(name);
}

/** A host: IP address or name, with an optional `:port`; IPv6 in brackets. */
export function hostProblem(value: unknown): Problem<'empty' | 'notAUrl' | 'brackets' | 'port' | 'invalid'> {
  const host = typed(value);
  if (host === '') return 'empty';
  if (isEnvironmentVariable(host)) return undefined;
  if (/[/@?#]/.test(host)) return 'notAUrl';
  if (isIpv6(host)) return 'brackets';
  const match = /^(?:\[(?<ipv6>[^\]]*)\]|(?<name>[^:[\]]+))(?::(?<port>.*))?$/.exec(host);
  if (!match?.groups) return 'invalid';
  const { ipv6, name, port } = match.groups;
  if (ipv6 !== undefined ? !isIpv6(ipv6) : !isHostName(name ?? '')) return 'invalid';
  return port === undefined || isPort(port) ? undefined : 'port';
}

/** The SHA-256 fingerprint of a certificate: 32 bytes in hexadecimal digits, with or without colons; may be blank. */
export function fingerprintProblem(value: unknown): Problem<'invalid'> {
  const fingerprint = typed(value);
  if (fingerprint === '' || isEnvironmentVariable(fingerprint)) return undefined;
  return /^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/.test(fingerprint) ? undefined : 'invalid';
}

/** The base URL of a service: http or https, without user, query or fragment. */
export function baseUrlProblem(value: unknown): Problem<'empty' | 'invalid'> {
  const text = typed(value);
  if (text === '') return 'empty';
  if (isEnvironmentVariable(text)) return undefined;
  if (!/^https?:\/\/[^/]/i.test(text) || !URL.canParse(text)) return 'invalid';
  const url = new URL(text);
  return url.username || url.password || url.search || url.hash ? 'invalid' : undefined;
}

/** A number within `range`. */
export function numberProblem(value: unknown, range: NumberRange): Problem<'invalid'> {
  const text = typed(value);
  if (isEnvironmentVariable(text)) return undefined;
  const number = Number(text);
  return text !== '' && number >= range.minimum && number <= range.maximum ? undefined : 'invalid';
}

/** The seconds between two reads: 0, or between 10 and a day. */
export function intervalProblem(value: unknown): Problem<'invalid'> {
  return numberProblem(value, { minimum: 0, maximum: 0 }) && numberProblem(value, { minimum: 10, maximum: 86400 });
}

/** The config node that a node needs: chosen, there, and itself without a problem. `_ADD_` is the choice of none. */
export function configNodeProblem(value: unknown): Problem<'missing' | 'wrong'> {
  const id = typed(value);
  if (isEnvironmentVariable(id)) return undefined;
  const node = id === '' || id === '_ADD_' ? undefined : RED.nodes.node(id);
  if (!node) return 'missing';
  return node.valid === false ? 'wrong' : undefined;
}
