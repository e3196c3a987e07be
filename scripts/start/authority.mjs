import { createHash } from 'node:crypto';

function hashOf(token) {
  return createHash('sha256').update(token).digest('base64url');
}

/**
 * An authority that accepts what it issued at earlier starts too, although its key is another one each time: it knows
 * the hashes of its tokens. `keep` is given those that still live whenever there is another one.
 */
export function withMemory(authority, earlier, keep) {
  let tokens = earlier;
  return {
    async issue(options) {
      const token = await authority.issue(options);
      const now = Date.now();
      const claims = await authority.verify(token, options.serial, now);
      const living = tokens.filter(({ claims: { expiresAt } }) => expiresAt > now);
      tokens = [...living, { hash: hashOf(token), serial: options.serial, claims }];
      keep(tokens);
      return token;
    },
    async verify(token, serial, now) {
      const claims = await authority.verify(token, serial, now);
      if (claims) return claims;
      const known = tokens.find((each) => each.hash === hashOf(token) && each.serial === serial);
      return known && known.claims.expiresAt > now ? known.claims : undefined;
    },
  };
}
