import { createHash } from 'node:crypto';

const realm = 'enphaseenergy.com';

/** Users of the gateways before firmware 7 whose password follows from the serial number. */
const derivedUsers = ['installer', 'nonmaster', 'homeowner', 'admin'];

function occurrences(text: string, digit: string): number {
  return text.split(digit).length - 1;
}

/** The password of a local user, from the serial number (spec/envoy 2.2.2). */
export function derivedPassword(serial: string, user: string): string {
  const digest = createHash('md5').update(`[e]${user}@${realm}#${serial} EnPhAsE eNeRgY `).digest('hex');
  const left = { zeros: occurrences(digest, '0'), ones: occurrences(digest, '1') };
  const characters: string[] = [];
  for (let position = digest.length - 1; characters.length < 8; position--) {
    if (left.zeros === 3 || left.zeros === 6 || left.zeros === 9) left.zeros -= 1;
    left.zeros = Math.max(0, Math.min(20, left.zeros));
    if (left.ones === 9 || left.ones === 15) left.ones -= 1;
    left.ones = Math.max(0, Math.min(26, left.ones));
    const digit = digest.charAt(position);
    if (digit === '0') characters.push(String.fromCharCode('f'.charCodeAt(0) + left.zeros--));
    else if (digit === '1') characters.push(String.fromCharCode('@'.charCodeAt(0) + left.ones--));
    else characters.push(digit);
  }
  return characters.join('');
}

/** The passwords that a gateway leaves the factory with: `envoy` has the end of the serial number, others a derived one. */
export function factoryPasswords(serial: string): Record<string, string> {
  const derived = derivedUsers.map((user) => [user, derivedPassword(serial, user)]);
  return { envoy: serial.slice(-6), ...(Object.fromEntries(derived) as Record<string, string>) };
}
