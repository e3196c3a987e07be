import { SaxesParser } from 'saxes';
import { EnergyError } from '../errors.js';
import { atLeast, tokenMinimum } from './firmware.js';

/** What `/info` tells about a gateway (spec/envoy 1.2). */
export interface GatewayInfo {
  /** Kept as text: leading zeros count. */
  readonly serial: string;
  /** Dotted version without the letter in front. */
  readonly firmware: string;
  readonly partNumber?: string;
  /** Whether the gateway has CT inputs; none of them needs to be in use. */
  readonly metered: boolean;
  /** Whether requests need a token (firmware 7 and newer) instead of Digest. */
  readonly tokens: boolean;
  /** The gateway's own clock, seconds since the epoch. */
  readonly time?: number;
}

/** The largest `/info` that is read; real ones are under 6 kB. */
export const infoLimit = 64 * 1024;

const wanted = new Set(['device/sn', 'device/pn', 'device/software', 'device/imeter', 'web-tokens', 'time']);

/** Texts of the wanted elements by their path below `envoy_info`. */
function texts(xml: string): Map<string, string> {
  const found = new Map<string, string>();
  const path: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name }) => {
    if (path.length === 0 && name !== 'envoy_info') throw new Error(`the document is a "${name.slice(0, 40)}"`);
    path.push(name);
  });
  parser.on('closetag', () => {
    path.pop();
  });
  parser.on('text', (text) => {
    const key = path.slice(1).join('/');
    if (wanted.has(key)) found.set(key, (found.get(key) ?? '') + text.trim());
  });
  parser.write(xml.trimStart()).close();
  return found;
}

/**
 * Interprets the document of `/info`. The content type is of no use and not looked at. `host` is named in errors.
 * @throws EnergyError `not_a_gateway` where the document is not XML of a gateway, is cut off, or lacks the serial
 * number or the version.
 */
export function parseInfo(xml: string, host?: string): GatewayInfo {
  const parameters = host === undefined ? {} : { host };
  let found: Map<string, string>;
  try {
    found = texts(xml);
  } catch (cause) {
    throw new EnergyError('not_a_gateway', 'The answer to /info is not that of an Envoy.', { cause, parameters });
  }
  const serial = found.get('device/sn') ?? '';
  const version = /^[A-Za-z]?(\d+(?:\.\d+)*)/.exec(found.get('device/software') ?? '')?.[1];
  if (!/^[A-Za-z0-9]{1,32}$/.test(serial) || version === undefined) {
    const missing = version === undefined ? 'software version' : 'serial number';
    throw new EnergyError('not_a_gateway', `The answer to /info has no usable ${missing}.`, { parameters });
  }
  const partNumber = found.get('device/pn');
  const time = Number(found.get('time') || Number.NaN);
  return {
    serial,
    firmware: version,
    ...(partNumber && { partNumber }),
    metered: found.get('device/imeter') === 'true',
    tokens: found.get('web-tokens') === 'true' || atLeast(version, tokenMinimum),
    ...(Number.isFinite(time) && { time }),
  };
}
