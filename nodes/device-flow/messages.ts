import type { NodeMessage } from 'node-red';
import type { Prompt } from '../../lib/device-flow/prompt.js';
import type { TokenSet } from '../../lib/device-flow/tokens.js';

/** The payload of the first output (design 3.5). */
interface PromptPayload {
  readonly state: 'pending';
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** Seconds. */
  readonly interval: number;
  /** The complete link as an SVG `data:` URL, black on white. */
  readonly qr: string;
}

/** The payload of the second output (design 3.5). */
interface OutcomePayload {
  readonly state: 'authorized';
  /** 14 digits each. */
  readonly usagePoints: readonly string[];
  readonly scope?: string;
  /** End of the access token, which is renewed before; ms since the epoch. */
  readonly expiresAt?: number;
  /** End of the consent where it is known, ms since the epoch. */
  readonly consentUntil?: number;
  /** Only where the node is told to show them. */
  readonly tokens?: TokenSet;
}

/** A QR code as an SVG `data:` URL: black on white with the quiet zone that the standard asks for. */
export async function qrCode(text: string): Promise<string> {
  const { renderSVG } = await import('uqr');
  const svg = renderSVG(text, { ecc: 'M', border: 4 });
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

/** The message with the prompt of the account `id` in place of topic and payload. */
export async function promptMessage(message: NodeMessage, id: string, prompt: Prompt): Promise<NodeMessage> {
  const { userCode, verificationUri, verificationUriComplete, expiresAt, interval } = prompt;
  const qr = await qrCode(verificationUriComplete);
  const payload: PromptPayload = {
    state: 'pending',
    userCode,
    verificationUri,
    verificationUriComplete,
    expiresAt,
    interval,
    qr,
  };
  return Object.assign(message, { topic: `enedis/${id}/prompt`, payload });
}

/** The message with the outcome for the account `id` in place of topic and payload. */
export function outcomeMessage(
  message: NodeMessage,
  id: string,
  tokens: TokenSet,
  options: { readonly exposeTokens: boolean },
): NodeMessage {
  const { usagePoints, scope, expiresAt, consentUntil } = tokens;
  const payload: OutcomePayload = {
    state: 'authorized',
    usagePoints,
    ...(scope !== undefined && { scope }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(consentUntil !== undefined && { consentUntil }),
    ...(options.exposeTokens && { tokens }),
  };
  return Object.assign(message, { topic: `enedis/${id}/authorized`, payload });
}
