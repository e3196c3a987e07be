/** A number in 0 … 1 that depends on nothing but the seed and the index: the same on every machine and at every start. */
export function hash(seed: number, index: number): number {
  let value = Math.imul(index | 0, 0x9e3779b1) ^ Math.imul((seed | 0) + 0x7f4a7c15, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
  value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
  return ((value ^ (value >>> 15)) >>> 0) / 0x1_0000_0000;
}

/** Smooth noise in 0 … 1: `hash` at whole positions, a soft curve in between. */
export function noise(seed: number, position: number): number {
  const index = Math.floor(position);
  const within = position - index;
  const weight = within * within * (3 - 2 * within);
  return hash(seed, index) * (1 - weight) + hash(seed, index + 1) * weight;
}

/** A seed out of a text such as a serial number. */
export function seedOf(text: string): number {
  let seed = 0x811c9dc5;
  for (const character of text) seed = Math.imul(seed ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return seed | 0;
}
