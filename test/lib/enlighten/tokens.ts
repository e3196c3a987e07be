/** A token with these claims whose signature is none; nothing here looks at it. */
export function unsignedToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256', kid: 'k', typ: 'JWT' })}.${part(claims)}.${Buffer.alloc(64, 7).toString('base64url')}`;
}
