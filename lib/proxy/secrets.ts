/** Hashing and sealing of what the proxy keeps (spec/device-flow 2.4, 2.5). */
export interface Secrets {
  /** HMAC-SHA256 of `<kind>:<secret>`, base64url: the id of a record that is addressed by a secret. */
  hash(kind: string, secret: string): string;
  /** Seals a text for one place (`<collection>:<id>:<member>`); it opens in no other. */
  seal(text: string, place: string): Promise<string>;
  /** @throws EnergyError `storage_failed` where it was changed, moved, or sealed with a key that is not at hand */
  open(sealed: string, place: string): Promise<string>;
  /** Seals a text under a key derived from a token (HKDF): only the token's holder can have it opened. */
  sealUnder(token: string, text: string, place: string): Promise<string>;
  /** @throws EnergyError `storage_failed` */
  openUnder(token: string, sealed: string, place: string): Promise<string>;
}
