/** What a person needs to consent. */
export interface PromptReply {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
  /** Which of the codes of this dance, from 1, and how many there may be. */
  readonly attempt: number;
  readonly attempts: number;
  /** An SVG `data:` URL. */
  readonly qr: string;
}

/** Reply of `GET device-flow/<id>`: where the dance of the deployed node stands. */
export interface FlowReply {
  readonly deployed: boolean;
  readonly state?: 'unlinked' | 'linked' | 'consent_needed';
  readonly phase?: 'idle' | 'requesting' | 'waiting';
  readonly prompt?: PromptReply;
  readonly problem?: { readonly message: string; readonly action?: string };
}

/** Asks the runtime where the dance of the deployed node stands. */
export function requestState(id: string): JQuery.jqXHR<FlowReply> {
  return $.ajax({ url: `device-flow/${encodeURIComponent(id)}`, dataType: 'json', cache: false });
}

/** Starts the dance of the deployed node; 404 where it is not deployed. */
export function requestStart(id: string): JQuery.jqXHR<unknown> {
  return $.ajax({ url: `device-flow/${encodeURIComponent(id)}`, method: 'POST' });
}
