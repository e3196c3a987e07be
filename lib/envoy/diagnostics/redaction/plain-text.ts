import { otherIpv4, otherIpv6 } from './addresses.js';
import { Held } from './held.js';
import { givenOut, type Replacements } from './replacements.js';
import { zoneOfOffset } from './time-zone.js';

const jsonWebToken = /eyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g;
const scheme = /(?<=\b(?:Bearer|Basic|Digest)\s{1,3})[^\s"',;<>]{6,}/gi;
/** The value in `password=…`, `sessionId: …`, `"token": "…"`. */
const namedSecret = new RegExp(
  '(?<=(?:session_?id|\\bsid|_session|token|password|passwd|\\bpwd|passphrase|\\bpsk|secret|api_?key|nonce|ssid' +
    '|user\\[\\w+\\])["\']?\\s{0,3}[=:]\\s{0,3}["\']?)[^\\s"\'&;<>,{}\\uE000\\uE001]+',
  'gi',
);
/** The value in `sn=…`, `Serial Number: …`. */
const namedSerial =
  /(?<=\b(?:sn|serial(?:[ _-]?(?:no|num|number))?)["']?\s{0,3}[=:#]\s{0,3}["']?)[A-Za-z0-9-]*\d[A-Za-z0-9-]*/gi;
const mail = /(?<![\w.+-])[\w.+-]+(?:@|%40)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+/g;
const ipv6 =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{1,4}:|::)(?:[0-9a-f]{0,4}:)*(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9a-f]{0,4})(?![0-9A-Za-z])/gi;
const ipv4 = /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?!\d|\.\d)/g;
/** A hardware address, a fingerprint. */
const groupedBytes =
  /(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4,}[0-9A-Fa-f]{2}|(?:[0-9A-Fa-f]{4}\.){2}[0-9A-Fa-f]{4})(?![0-9A-Fa-f])/g;
const uuid = /(?<![0-9A-Za-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z])/gi;
const hexadecimal = /(?<![0-9A-Za-z])(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{12,}(?![0-9A-Za-z])/gi;
/** A long word of figures, small and capital letters, as keys are. */
const opaque = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{32,}={0,2}/g;
/** Ten figures and more, but neither the fraction of a number nor digits after `0x`. */
const longNumber = /(?<!\d|\d\.|0x[0-9a-f]{0,64})\d{10,}(?!\d)/gi;
const zone =
  /\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Europe|Indian|Mexico|Pacific|US)\/[A-Z][\w+-]*(?:\/[\w+-]+)?/g;

/** What plain text is redacted with. */
export interface PlainText {
  readonly replacements: Replacements;
  /** Words that are to be replaced wherever they stand, by what they become. */
  readonly words: readonly (readonly [RegExp, (found: string) => string])[];
  /** Numbers that may stay, such as eids. */
  readonly open: ReadonlySet<string>;
  /** The moment for offsets of time zones, ms since the epoch. */
  readonly at: number;
}

function isRepeated(text: string): boolean {
  return /^[0:.-]*$|^[f:.-]*$/i.test(text);
}

/** A text without anything that can be told by its looks: tokens, addresses of all kinds, serial numbers, zones. */
export function redactPlainText(text: string, { replacements, words, open, at }: PlainText): string {
  const held = new Held(text);
  const digits = (found: string) => (isRepeated(found) ? found : replacements.hexadecimal(found));
  held.hold(givenOut, (found) => found);
  for (const [pattern, replace] of words) held.hold(pattern, replace);
  held.hold(jsonWebToken, (found) => replacements.labelled('token', found));
  held.hold(scheme, (found) => replacements.labelled('token', found));
  held.hold(mail, (found) => replacements.mail(found));
  held.hold(namedSecret, (found) => (isWord(found) ? undefined : replacements.labelled('secret', found)));
  held.hold(ipv6, (found) => otherIpv6(found, replacements));
  held.hold(groupedBytes, digits);
  held.hold(uuid, digits);
  held.hold(hexadecimal, digits);
  held.hold(opaque, (found) => (isPhrase(found) ? undefined : replacements.labelled('token', found)));
  held.hold(ipv4, (found) => otherIpv4(found, replacements));
  held.hold(namedSerial, (found) => (found.length < 4 ? undefined : replacements.shaped(found)));
  held.hold(longNumber, (found) => (open.has(found) || isRepeated(found) ? found : replacements.shaped(found)));
  held.hold(zone, (found) => zoneOfOffset(found, at) ?? replacements.labelled('place', found));
  return held.text;
}

/** Words that follow `token:` and the like in messages, and are no token. */
function isWord(text: string): boolean {
  return /^(?:true|false|null|none|valid|invalid|expired|missing|required)\.?$/i.test(text);
}

/** Words and numbers joined by dashes, as names of builds are. */
function isPhrase(text: string): boolean {
  return text.split(/[-_]/).every((word) => /^(?:[a-z]*|[A-Z]+|[A-Z][a-z]+|\d+)$/.test(word));
}
