import { isIPv4 } from 'node:net';
import { compareAddresses, hostText, isUsable } from './addresses.js';
import type { FoundGateway } from './found-gateway.js';
import { addPacket, noRecords, type KnownInstance, type KnownRecords } from './records.js';

/** How announcements are understood. */
export interface InterpretationOptions {
  /** Whether a gateway may be on this machine itself, as a simulated one is; false unless given. */
  readonly loopback?: boolean;
}

/** One question of a query. */
export interface DiscoveryQuestion {
  readonly name: string;
  readonly type: 'PTR' | 'SRV' | 'TXT' | 'A' | 'AAAA';
}

interface Place {
  readonly address: string;
  readonly port: number;
}

function serialOf({ text }: KnownInstance): string | undefined {
  const serial = text?.get('serialnum')?.trim();
  return serial !== undefined && /^[A-Za-z0-9]{1,32}$/.test(serial) ? serial : undefined;
}

function protocolVersionOf({ text }: KnownInstance): string | undefined {
  const version = text?.get('protovers')?.trim();
  return version !== undefined && /^[\w.-]{1,32}$/.test(version) ? version : undefined;
}

function placesOf(instance: KnownInstance, known: KnownRecords, loopback: boolean): Place[] {
  return [...instance.targets].flatMap(([machine, port]) =>
    [...(known.addresses.get(machine) ?? [])]
      .filter((address) => isUsable(address, loopback))
      .map((address) => ({ address, port })),
  );
}

function hostNameOf({ targets }: KnownInstance): string | undefined {
  for (const [machine, port] of targets) if (/^[a-z0-9_.-]+\.local$/.test(machine)) return hostText(machine, port);
  return undefined;
}

/** One gateway by all instances that carry its serial number. */
function merged(
  serial: string,
  instances: readonly KnownInstance[],
  known: KnownRecords,
  loopback: boolean,
): FoundGateway | undefined {
  const places = instances
    .flatMap((instance) => placesOf(instance, known, loopback))
    .sort((a, b) => compareAddresses(a.address, b.address) || a.port - b.port);
  const best = places[0];
  const host = best ? hostText(best.address, best.port) : instances.map(hostNameOf).find((name) => name !== undefined);
  if (host === undefined) return undefined;
  const protocolVersion = instances.map(protocolVersionOf).find((version) => version !== undefined);
  const name = instances[0]?.label.replace(/[\p{Cc}\p{Cf}]/gu, '').trim();
  return {
    serial,
    host,
    addresses: [...new Set(places.map(({ address }) => address))],
    ...(protocolVersion !== undefined && { protocolVersion }),
    ...(name && { name }),
  };
}

/** The gateways in what is known, by serial number; those without a serial number or without any host are left out. */
export function interpretRecords(known: KnownRecords, options: InterpretationOptions = {}): FoundGateway[] {
  const bySerial = new Map<string, KnownInstance[]>();
  const instances = [...known.instances.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
  for (const instance of instances) {
    const serial = serialOf(instance);
    if (serial !== undefined) bySerial.set(serial, [...(bySerial.get(serial) ?? []), instance]);
  }
  return [...bySerial]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([serial, same]) => merged(serial, same, known, options.loopback ?? false) ?? []);
}

/**
 * Interprets received mDNS packets, in the shape that `multicast-dns` decodes them to: PTR, SRV, TXT, A and AAAA
 * records of `_enphase-envoy._tcp.local`, spread over any packets and sections (spec/envoy 1.6). Several addresses of
 * one serial number make one entry, IPv4 first; IPv6 link-local addresses are dropped. Never raises, whatever the
 * packets hold.
 */
export function interpretAnswers(packets: readonly unknown[], options: InterpretationOptions = {}): FoundGateway[] {
  const known = noRecords();
  for (const packet of packets) addPacket(known, packet);
  return interpretRecords(known, options);
}

function missingAddresses(machine: string, known: KnownRecords): DiscoveryQuestion[] {
  const addresses = [...(known.addresses.get(machine) ?? [])];
  if (addresses.some((address) => isIPv4(address))) return [];
  const forIPv4: DiscoveryQuestion = { name: machine, type: 'A' };
  return addresses.length > 0 ? [forIPv4] : [forIPv4, { name: machine, type: 'AAAA' }];
}

/** What is still to be asked for, for every gateway heard of to become complete. */
export function missingQuestions(known: KnownRecords): DiscoveryQuestion[] {
  return [...known.instances].flatMap(([name, { targets, text }]): DiscoveryQuestion[] => [
    ...(targets.size === 0 ? [{ name, type: 'SRV' } as const] : []),
    ...(text ? [] : [{ name, type: 'TXT' } as const]),
    ...[...targets.keys()].flatMap((machine) => missingAddresses(machine, known)),
  ]);
}
