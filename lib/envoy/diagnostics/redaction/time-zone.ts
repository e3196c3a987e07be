/** Names that tell no place: they are offsets already. */
const placeless = /^(Etc\/[\w+-]+|UTC|GMT|Z|[+-]\d\d:?\d\d)$/i;

function offsetMinutes(name: string, at: number): number | undefined {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    const offset = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(offset) ?? [];
    return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  } catch {
    return undefined;
  }
}

/**
 * The zone that has nothing but the offset which the named one has at a moment (ms since the epoch): `Etc/GMT-2` for
 * UTC+2 (the sign is that of the tz database), `+05:30` where the offset is no whole hour.
 * @returns `undefined` where the name is that of no zone
 */
export function zoneOfOffset(name: string, at: number): string | undefined {
  if (placeless.test(name)) return name;
  const minutes = offsetMinutes(name, at);
  if (minutes === undefined) return undefined;
  if (minutes === 0) return 'Etc/UTC';
  const hours = Math.floor(Math.abs(minutes) / 60);
  if (minutes % 60 === 0) return `Etc/GMT${minutes > 0 ? '-' : '+'}${hours}`;
  const rest = String(Math.abs(minutes) % 60).padStart(2, '0');
  return `${minutes > 0 ? '+' : '-'}${String(hours).padStart(2, '0')}:${rest}`;
}
