import { normalizeAddress } from './addresses.js';

/** The DNS-SD service under which gateways announce themselves (spec/envoy 1.6). */
export const gatewayService = '_enphase-envoy._tcp.local';

/** What is known of one announced instance of the service. */
export interface KnownInstance {
  /** First label of its name, as announced. */
  readonly label: string;
  /** Port by the name of the machine (SRV). */
  readonly targets: Map<string, number>;
  /** Keys in lower case (TXT); absent until heard. */
  text?: ReadonlyMap<string, string>;
}

/** What a search has heard so far: it grows by `addPacket`, whatever the order of the packets. */
export interface KnownRecords {
  /** By full name in lower case. */
  readonly instances: Map<string, KnownInstance>;
  /** Normalized addresses by machine name in lower case. */
  readonly addresses: Map<string, Set<string>>;
}

/** What a flood of packets can fill at most. */
const limits = { instances: 256, targets: 8, texts: 32, machines: 1024, addresses: 16 };

interface ResourceRecord {
  readonly type: string;
  /** In lower case, with no dot at its end. */
  readonly name: string;
  readonly writtenName: string;
  readonly data: unknown;
  /** A record with a life of 0 is taken back (RFC 6762, 10.1). */
  readonly withdrawn: boolean;
}

/** What is known before anything was heard. */
export function noRecords(): KnownRecords {
  return { instances: new Map(), addresses: new Map() };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A name without the dot at its end; `undefined` where it could not be asked for in a query. */
function writtenName(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 254) return undefined;
  const name = value.endsWith('.') ? value.slice(0, -1) : value;
  if (Buffer.byteLength(name) > 253) return undefined;
  const fits = (label: string) => label !== '' && Buffer.byteLength(label) < 64;
  return name.split('.').every(fits) ? name : undefined;
}

/** Names are compared without regard to the case of ASCII letters, and of these only (RFC 6762, 16). */
function lowerCase(name: string): string {
  return name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function resourceRecord(value: unknown): ResourceRecord | undefined {
  const { type, name, data, ttl, class: family } = fieldsOf(value);
  const written = writtenName(name);
  if (typeof type !== 'string' || written === undefined) return undefined;
  if (family !== undefined && family !== 'IN') return undefined;
  return { type, name: lowerCase(written), writtenName: written, data, withdrawn: ttl === 0 };
}

function instanceOf(known: KnownRecords, written: string): KnownInstance | undefined {
  const name = lowerCase(written);
  if (!name.endsWith(`.${gatewayService}`)) return undefined;
  const existing = known.instances.get(name);
  if (existing || known.instances.size >= limits.instances) return existing;
  const instance: KnownInstance = { label: written.slice(0, -gatewayService.length - 1), targets: new Map() };
  known.instances.set(name, instance);
  return instance;
}

function takePointer(known: KnownRecords, record: ResourceRecord): void {
  const target = writtenName(record.data);
  if (record.name !== gatewayService || target === undefined) return;
  if (record.withdrawn) known.instances.delete(lowerCase(target));
  else instanceOf(known, target);
}

function takeService(known: KnownRecords, record: ResourceRecord): void {
  const { target, port } = fieldsOf(record.data);
  const machine = writtenName(target);
  if (machine === undefined || typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65535) return;
  const targets = instanceOf(known, record.writtenName)?.targets;
  if (record.withdrawn) targets?.delete(lowerCase(machine));
  else if (targets && targets.size < limits.targets) targets.set(lowerCase(machine), port);
}

function textEntry(value: unknown): [key: string, value: string] | undefined {
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) return undefined;
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('utf8');
  const [key = '', ...rest] = text.split('=');
  return key === '' ? undefined : [lowerCase(key), rest.join('=')];
}

function takeText(known: KnownRecords, record: ResourceRecord): void {
  const instance = instanceOf(known, record.writtenName);
  if (!instance) return;
  if (record.withdrawn) {
    delete instance.text;
    return;
  }
  const entries = (Array.isArray(record.data) ? record.data : [record.data]) as readonly unknown[];
  const text = new Map<string, string>();
  for (const value of entries.slice(0, limits.texts)) {
    const entry = textEntry(value);
    // The first of equal keys counts (RFC 6763, 6.4).
    if (entry && !text.has(entry[0])) text.set(...entry);
  }
  instance.text = text;
}

function takeAddress(known: KnownRecords, record: ResourceRecord): void {
  const address = typeof record.data === 'string' ? normalizeAddress(record.data) : undefined;
  if (address === undefined) return;
  const existing = known.addresses.get(record.name);
  if (record.withdrawn) {
    existing?.delete(address);
    return;
  }
  if (existing && existing.size < limits.addresses) existing.add(address);
  else if (!existing && known.addresses.size < limits.machines) known.addresses.set(record.name, new Set([address]));
}

const takers: Readonly<Record<string, (known: KnownRecords, record: ResourceRecord) => void>> = {
  PTR: takePointer,
  SRV: takeService,
  TXT: takeText,
  A: takeAddress,
  AAAA: takeAddress,
};

/**
 * Adds what a received packet says of gateways and of the addresses of machines to what is known. Addresses are
 * collected even where a packet asks to replace the older ones, since a gateway with two networks says so on each of
 * them. Queries, refusals and anything malformed are passed over; never raises.
 */
export function addPacket(known: KnownRecords, packet: unknown): void {
  const { type, rcode, answers, additionals } = fieldsOf(packet);
  if (type === 'query' || (rcode !== undefined && rcode !== 'NOERROR')) return;
  for (const value of [...listOf(answers), ...listOf(additionals)]) {
    const record = resourceRecord(value);
    if (record && Object.hasOwn(takers, record.type)) takers[record.type]?.(known, record);
  }
}
