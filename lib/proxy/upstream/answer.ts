import type { TransportReply } from '../../http/transport.js';
import { readFault, type Fault, type FaultMeaning } from '../../linky/translation/errors.js';
import { misconfigured, UpstreamFailure } from './failure.js';
import { replyWait, retryAfter } from './reply-wait.js';
import type { DataAnswer } from './upstream.js';

/** What came of asking one generation of the data interfaces. */
export interface DataOutcome {
  readonly answer: DataAnswer;
  /** What the upstream server itself answered with. */
  readonly upstreamStatus: number;
  /** Absent where it gave data. */
  readonly meaning?: FaultMeaning;
  /** Its error code, where it gave no data. */
  readonly code?: string;
}

/** Left alone for so long where the upstream server does not say how long, ms. */
const usualWait = 60_000;

/**
 * The status that a client is given for an error of Enedis (spec/device-flow 0, 1.8, 5.3). Deployed clients erase their
 * tokens on 403 and take 400 or 500 about production for "produces nothing". So 403 says only that there is no consent,
 * and trouble that passes is told as 502, 503 or 504.
 */
function clientStatus(status: number, meaning: FaultMeaning): number {
  if (meaning === 'quota') return 429;
  if (meaning === 'no_consent' || meaning === 'request' || meaning === 'no_data') return status;
  if (meaning === 'objection') return status === 403 ? 404 : status;
  return status === 503 || status === 504 ? status : 502;
}

function waitFor(reply: TransportReply, meaning: FaultMeaning, now: number): number | undefined {
  const wait = meaning === 'quota' ? (replyWait(reply, now) ?? usualWait) : retryAfter(reply, now);
  return wait === undefined ? undefined : Math.max(1, Math.ceil(wait / 1000));
}

function refusal(reply: TransportReply, source: DataAnswer['source'], fault: Fault, now: number): DataOutcome {
  const { meaning, document } = fault;
  const wait = waitFor(reply, meaning, now);
  return {
    upstreamStatus: reply.status,
    meaning,
    code: document.code,
    answer: {
      status: clientStatus(reply.status, meaning),
      body: JSON.stringify(document),
      source,
      consentMissing: meaning === 'no_consent',
      ...(wait !== undefined && { retryAfter: wait }),
    },
  };
}

/**
 * The answer that a client is given for a reply of the data interfaces.
 * @param translate makes the body of v5 out of the reply's; its errors mean that the reply is none
 * @throws ProxyError 502
 */
export function readDataReply(
  reply: TransportReply,
  source: DataAnswer['source'],
  now: number,
  translate: (body: string) => string,
): DataOutcome {
  const { status, body } = reply;
  if (status === 200) {
    try {
      return { upstreamStatus: status, answer: { status, body: translate(body), source, consentMissing: false } };
    } catch (error) {
      throw new UpstreamFailure('invalid', { cause: error });
    }
  }
  if (status < 400) throw new UpstreamFailure('invalid');
  const fault = readFault(status, body);
  if (fault.meaning === 'misconfigured') {
    const { code, message } = fault.document;
    throw misconfigured({ code, ...(message !== undefined && { message }), upstream_status: status });
  }
  return refusal(reply, source, fault, now);
}
