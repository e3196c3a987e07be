import { fieldsAt, flagAt, isErrorReply, isFields, numberAt, objectsIn, present, textAt } from '../fields.js';

/** How the gateway is connected (spec 4.14). */
export interface InterfaceInformation {
  /** Such as `eth0`. */
  readonly primaryInterface: string;
  /** `ethernet`, `wifi`, another word of the gateway's, or `unknown`. */
  readonly interfaceType: string;
  /** `unknown` where the gateway does not tell. */
  readonly mac: string;
  readonly dhcp: boolean;
  /** Epoch seconds. */
  readonly softwareBuildEpoch?: number;
  /** IANA name, or `unknown`. */
  readonly timezone: string;
}

/** The interface in use, from the reply of `/home`; undefined where the gateway does not name it. */
export function interfaceInformation(reply: unknown): InterfaceInformation | undefined {
  if (!isFields(reply) || isErrorReply(reply)) return undefined;
  const network = fieldsAt(reply, 'network');
  const primaryInterface = textAt(network, 'primary_interface');
  const entry = objectsIn(network.interfaces).find((each) => each.interface === primaryInterface);
  if (primaryInterface === undefined || !entry) return undefined;
  return {
    primaryInterface,
    interfaceType: textAt(entry, 'type') ?? 'unknown',
    mac: textAt(entry, 'mac') ?? 'unknown',
    dhcp: flagAt(entry, 'dhcp') ?? false,
    ...present({ softwareBuildEpoch: numberAt(reply, 'software_build_epoch') }),
    timezone: textAt(reply, 'timezone') ?? 'unknown',
  };
}
