import { randomUUID } from 'node:crypto';
import type { NodeRedProcess, ReceivedMessage } from '../../support/node-red.js';
import { ids } from './flow.js';

type Message = Readonly<Record<string, unknown>>;

/** An answer of a read node: where it came out, and the message. */
export interface Answer {
  /** Id of the `test-output` that heard it. */
  readonly from: string;
  readonly message: Message;
  readonly payload: Readonly<Record<string, unknown>>;
  /** In messages of the authentication output and of a Catch node. */
  readonly error: Readonly<Record<string, unknown>>;
  /** What the question carried, for finding everything that it brought about. */
  readonly question: string;
}

function answerOf({ node, message }: ReceivedMessage, question: string): Answer {
  const payload = (message['payload'] ?? {}) as Answer['payload'];
  const error = (message['error'] ?? {}) as Answer['error'];
  return { from: node, message, payload, error, question };
}

/**
 * Sends a message into the flow and resolves with the first answer: data, an authentication error, or a caught error.
 * The property `question` tells answers apart; that it comes back shows that a node keeps what a message carries.
 * `input` is the id of the `test-input` to begin at.
 */
export async function ask(
  nodeRed: NodeRedProcess,
  message: Message = {},
  limit?: number,
  input: string = ids.input,
): Promise<Answer> {
  const question = randomUUID();
  const from = nodeRed.messages.length;
  nodeRed.send(input, { ...message, question });
  const answers: readonly string[] = [ids.data, ids.authentication, ids.caught];
  const received = await nodeRed.waitForMessage(
    ({ node, message: { question: answered } }) => answered === question && answers.includes(node),
    { from, ...(limit !== undefined && { limit }) },
  );
  return answerOf(received, question);
}

/** Asks until an answer is accepted; for states that a gateway or a clock brings about by itself. */
export async function askUntil(nodeRed: NodeRedProcess, wanted: (answer: Answer) => boolean): Promise<Answer> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await ask(nodeRed);
    if (wanted(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`No such answer came; the last: ${JSON.stringify(answer.message)}`);
  }
}

/** Resolves when the Complete node told that the question was dealt with. */
export async function completed(nodeRed: NodeRedProcess, { question }: Answer): Promise<void> {
  await nodeRed.waitForMessage(({ node, message }) => node === ids.completed && message['question'] === question);
}

/** Where the messages of a question came out so far, in their order. */
export function heardOf(nodeRed: NodeRedProcess, { question }: Answer): string[] {
  return nodeRed.messages.filter(({ message }) => message['question'] === question).map(({ node }) => node);
}

/** The status that the read node shows now: fill, shape and text. */
export function statusNow(nodeRed: NodeRedProcess): { fill?: string; shape?: string; text?: string } {
  const last = nodeRed.messages.findLast(({ node }) => node === ids.status);
  return last?.message['status'] ?? {};
}

/** Resolves when the read node shows a status text that matches. */
export async function waitForStatus(nodeRed: NodeRedProcess, pattern: RegExp, from = 0): Promise<ReceivedMessage> {
  const text = ({ message }: ReceivedMessage) => (message['status'] as { text?: string } | undefined)?.text ?? '';
  return nodeRed.waitForMessage((received) => received.node === ids.status && pattern.test(text(received)), { from });
}
