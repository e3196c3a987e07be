/** What a key says of its value. */
export type ValueKind = 'serial' | 'name' | 'place' | 'coordinate' | 'zone' | 'network' | 'secret';

const words = (...list: readonly string[]): RegExp => new RegExp(`^(?:${list.join('|')})$`);

const kinds: readonly (readonly [ValueKind, RegExp])[] = [
  [
    'serial',
    words(
      '(?:\\w+_)?(?:sn|serial|serials|serial_?(?:no|nos|nb|nbr|num|nums|number|numbers))',
      '(?:device|gateway|envoy|site|system|user|account|generator|owner|customer)_?ids?',
      '(?:ext(?:ended)?_)?pan_?id',
      'uid|uuid|udid|guid|imei|imsi|iccid|meid|msisdn|phone|mobile|telephone|phone_?number',
    ),
  ],
  [
    'secret',
    words(
      '(?:\\w+_)?(?:pass|password|passwd|pwd|passphrase|psk|pre_?shared_?key|secret|credentials?|cookies?|jwt|bearer)',
      '(?:\\w+_)?(?:tokens?|nonce|csrf|otp|authorization|session|sessions|session_?ids?|session_?key|sid|pin_?code)',
      '(?:\\w+_)?(?:api|private|security|encryption|network|link|master|wifi|wireless|wpa|wep|access|install)_?key',
      '(?:\\w+_)?(?:fingerprint|certificate|signature)',
    ),
  ],
  ['network', words('(?:\\w+_)?(?:b?ssid|essid)s?', 'network_name', 'access_point', 'hostname|host_name')],
  ['zone', words('(?:\\w+_)?(?:time_?zone|tz)')],
  [
    'coordinate',
    words('(?:\\w+_)?(?:lat|latitude|lon|lng|longitude)', 'coordinates?|altitude|elevation|geohash|gps(?:_\\w+)?'),
  ],
  [
    'place',
    words(
      '(?:\\w+_)?(?:address|address_?line)_?\\d?',
      '(?:\\w+_)?(?:street|city|town|village|locality|county|province|region|country|country_code)',
      '(?:\\w+_)?(?:post_?code|postal_?code|zip|zip_?code|location|place)',
    ),
  ],
  [
    'name',
    words(
      '(?!(?:dev|device|file|interface|package|type|class|event|profile)_)(?:\\w+_)?name',
      'e?_?mail|e_?mail_address|username|login|nickname|user|owner|customer|installer|operator|contact',
      'utility|logger|company|label|description|comments?|notes?',
      '(?:last_)?(?:updated|created|modified|changed)_by',
    ),
  ],
];

/** `serialNumber`, `serial-number` and `Serial Number` as `serial_number`. */
function normalized(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '')
    .toLowerCase();
}

const known = new Map<string, ValueKind | undefined>();

function kindOfKey(key: string): ValueKind | undefined {
  if (!known.has(key)) {
    const name = normalized(key);
    if (known.size > 10_000) known.clear();
    known.set(key, kinds.find(([, pattern]) => pattern.test(name))?.[0]);
  }
  return known.get(key);
}

/** Kinds that go for everything below their key, however deep. */
const inherited: ReadonlySet<ValueKind | undefined> = new Set<ValueKind>(['secret', 'place', 'coordinate']);

/** The kind of a value below these keys, the nearest first; a key of an array goes for its elements. */
export function kindOf(keys: readonly string[]): ValueKind | undefined {
  const [nearest, ...others] = keys;
  const own = nearest === undefined ? undefined : kindOfKey(nearest);
  return own ?? others.map(kindOfKey).find((kind) => inherited.has(kind));
}

/** Whether numbers below this key are eids: they name devices within the gateway only, and join its documents. */
export function isEidKey(key: string | undefined): boolean {
  return key !== undefined && /(^|[a-z_])eid$|^ce$/i.test(key);
}

/** Whether a text of ten figures below this key is a time; `cd`, `ld`, `id` are those of `/inv`. */
export function isTimeKey(key: string | undefined): boolean {
  return key !== undefined && /time|date|epoch|installed|created|_at$|At$|^(cd|ld|id|timestamp)$/i.test(key);
}

/** Whether a number below this key is a quantity, however long it is. */
export function isQuantityKey(key: string | undefined): boolean {
  if (key === undefined) return false;
  const quantity =
    /(^|_)(?:joules?|watts?|wh|vah|varh?|energy|power|sum|total|today|week|yesterday|lifetime|count|counter)/;
  return quantity.test(normalized(key)) || isTimeKey(key);
}

const nothing = words('true|false|yes|no|on|off|ok|none|null|nil|n/?a|unknown|undefined|0+|-|\\*+|x+|');
const common = words(
  'normal|default|enabled|disabled|active|inactive|connected|disconnected|configured|valid|invalid',
  'owner|installer|homeowner|admin|envoy|enlighten|enphase|gateway',
);

/** Whether a value says nothing of anybody below a key of this kind: a word of the gateway's, or one masked before. */
export function saysNothing(text: string, kind: ValueKind): boolean {
  const word = text.toLowerCase();
  return nothing.test(word) || (kind !== 'secret' && common.test(word));
}

/** Whether a word is one of the gateway's own, which must stay where it does not stand for a name. */
export function isCommonWord(text: string): boolean {
  const word = text.toLowerCase();
  return nothing.test(word) || common.test(word);
}
