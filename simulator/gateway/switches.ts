/** What a gateway from firmware 7 on does with plain HTTP: cut the connection, or redirect to https. */
export type PlainHttp = 'closed' | 'redirect';

/** What goes wrong with a stream, after so many messages (default none). */
type StreamFault =
  /** Nothing comes any more; the connection stays open. */
  | { readonly kind: 'silent'; readonly after?: number }
  /** The connection is cut in the middle of a message. */
  | { readonly kind: 'cut'; readonly after?: number }
  /** Lines that are no messages come instead of some: one in two. */
  | { readonly kind: 'garbage'; readonly after?: number }
  /** So many messages come at once, as from firmware 7.0 (spec/envoy 7.1); default 20. */
  | { readonly kind: 'buffered'; readonly messages?: number };

/** How `/stream/meter` sends. */
export interface StreamSettings {
  /** ms from one message to the next. */
  interval: number;
  /** Cuts each message into pieces of so many bytes that are sent one by one. */
  chunkSize?: number | undefined;
  fault?: StreamFault | undefined;
}

/** Behaviours that are switched at run time. Where nothing is set, the firmware decides. */
export interface GatewaySwitches {
  openPaths: string[];
  /** Paths that need the role of an installer, and those that need it for anything but reading. */
  installerPaths: string[];
  installerWrites: string[];
  roleStatus: 401 | 403;
  plainHttp?: PlainHttp | undefined;
  /** Sends the header `Date` twice; by default firmware 5 and 6 do. */
  duplicateDate?: boolean | undefined;
  /** Ends the connection after each answer; by default firmware 5 and 6 do. */
  connectionClose?: boolean | undefined;
  /** Resets a connection on which a request follows a 401, as 3.18.10 does (spec/envoy 2.2.1); by default that version only. */
  resetOnKeepAliveDigest?: boolean | undefined;
  /** Refuses every token and session. */
  rejectTokens: boolean;
  /** Refuses tokens issued before, ms since the epoch; 0 refuses none. */
  rejectTokensIssuedBefore: number;
  /** What data are while it starts: 503, or 200 with zeros; by default zeros below firmware 4. */
  bootAnswers?: 'unavailable' | 'zeros' | undefined;
  stream: StreamSettings;
  /** How long live data move after they were enabled, ms of the plant, and the status of who enables them if not 200. */
  liveDuration: number;
  liveStatus?: number | undefined;
  /** Answers writes as if all were well and does nothing. */
  ignoreWrites: boolean;
  /** Puts back what a write changed, so many real ms later. */
  revertWritesAfter?: number | undefined;
  /** After a write of the tariff the cloud puts its own settings back, so many real ms later (spec/envoy 5.3). */
  cloudRestoresAfter?: number | undefined;
  /** Answers writes about the generator with less than the whole document. */
  incompleteReplies: boolean;
  /** How long the relay to the grid takes, ms of the plant, and how long an AC battery takes to fall asleep or to wake. */
  relayDelay: number;
  sleepDelay: number;
  /** Writes net over total consumption; by default from 8.3.5433 on (spec/envoy 4.3). */
  totalOverwritten?: boolean | undefined;
  /** Gives nothing but zeros at `/api/v1/production`; by default standard gateways from 8.3.5422 on do. */
  v1Zero?: boolean | undefined;
  /** Loses the second phase of the storage meter; by default on split phase from 8.3.6086 on (spec/envoy 4.5). */
  storagePhaseLost?: boolean | undefined;
}

/** What the switches stand at when nothing else is asked for. */
export const defaultSwitches = {
  installerWrites: [] as string[],
  liveDuration: 900_000,
  ignoreWrites: false,
  incompleteReplies: false,
  relayDelay: 2000,
  sleepDelay: 60_000,
};
