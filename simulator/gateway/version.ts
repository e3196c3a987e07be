/** Whether a dotted version is `minimum` or newer, number by number. */
export function since(version: string, minimum: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [index, part] of minimum.split('.').map(Number).entries()) {
    const own = numbers[index] ?? 0;
    if (own !== part) return own > part;
  }
  return true;
}
