/** What a token endpoint tells a device; also the body of the answer. */
export type TokenAnswer = Readonly<Record<string, unknown>>;

/** What the answer of a mint is made of. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly usagePoints: readonly string[];
}

/** The answer to a device in the words of both the PHP server and its README (spec/device-flow 1.6). */
export function tokenAnswer({ accessToken, refreshToken, expiresIn, usagePoints }: IssuedTokens): TokenAnswer {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    scope: '',
    usage_points_id: usagePoints.join(','),
    usage_point_id: usagePoints[0] ?? '',
  };
}
