/** Records of gateways as `multicast-dns` decodes and encodes them; serial numbers are made up. */
export const service = '_enphase-envoy._tcp.local';
export const serial = '123456789012';
export const otherSerial = '210987654321';

export interface Announced {
  readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'AAAA';
  readonly name: string;
  readonly ttl?: number;
  readonly data: string | string[] | { target: string; port: number };
}

export const pointer = (label = 'envoy'): Announced => ({
  type: 'PTR',
  name: service,
  ttl: 4500,
  data: `${label}.${service}`,
});

export const machine = (label = 'envoy', target = `${label}.local`, port = 80): Announced => ({
  type: 'SRV',
  name: `${label}.${service}`,
  ttl: 120,
  data: { target, port },
});

export const text = (label = 'envoy', number = serial): Announced => ({
  type: 'TXT',
  name: `${label}.${service}`,
  ttl: 4500,
  data: ['protovers=8.3.5286', `serialnum=${number}`],
});

export const address = (data: string, name = 'envoy.local'): Announced => ({
  type: data.includes(':') ? 'AAAA' : 'A',
  name,
  ttl: 120,
  data,
});

/** Everything about one gateway. */
export const gateway = (label: string, number: string, ...addresses: string[]): Announced[] => [
  pointer(label),
  machine(label),
  text(label, number),
  ...addresses.map((each) => address(each, `${label}.local`)),
];

/** A received response. */
export const response = (answers: readonly unknown[], additionals: readonly unknown[] = []) => ({
  type: 'response',
  rcode: 'NOERROR',
  answers,
  additionals,
});
