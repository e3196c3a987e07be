import type { EarlierTokens } from '../../../../lib/proxy/context.js';

type Found = NonNullable<Awaited<ReturnType<EarlierTokens['find']>>>;

/** Tokens of an earlier server, in memory. */
export class EarlierInMemory implements EarlierTokens {
  readonly tokens = new Map<string, Found>();

  add(type: 'access_token' | 'refresh_token', token: string, usagePoints: readonly string[], expiresAt: number): void {
    this.tokens.set(`${type}:${token}`, { usagePoints, expiresAt });
  }

  find(type: string, token: string): Promise<Found | undefined> {
    return Promise.resolve(this.tokens.get(`${type}:${token}`));
  }

  forget(type: string, token: string): Promise<void> {
    this.tokens.delete(`${type}:${token}`);
    return Promise.resolve();
  }
}
