import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red';
import { AuthenticationError, EnergyError } from '../../lib/errors.js';
import type { LinkyReader, ReadProgress, ReadResult } from '../../lib/linky/reader/reader.js';
import type { AccountNode } from '../shared/account-node.js';
import { authenticationMessage } from '../shared/authentication-message.js';
import { inBackground, onClose, onInput, type Send } from '../shared/handler.js';
import { localized, type Texts } from '../shared/texts.js';
import { DailyReads } from './daily.js';
import { isBlank } from './dates.js';
import { progressMessage, resultMessages, type Copy } from './messages.js';
import { isWorthAnotherTry, isWorthAnotherTryAfter } from './outcome.js';
import { ReadQueue } from './queue.js';
import { readRequestOf, type ReadMessage, type ReadProperties } from './request.js';
import { readStatus, type ReadStatus } from './status.js';
import { linkyTexts } from './texts.js';

/** Properties of a `linky-read` node (design 3.6). */
interface LinkyReadDefinition extends NodeDef, ReadProperties {
  readonly account: string;
  readonly emit?: string;
  /** A read once a day. */
  readonly daily?: boolean;
  /** Messages about how far a long read has come. */
  readonly progress?: boolean;
}

/** What the parts of one node share. */
interface Context {
  readonly RED: NodeAPI;
  readonly node: Node;
  readonly definition: LinkyReadDefinition;
  readonly account: AccountNode;
  readonly texts: Texts;
  readonly show: ReadStatus;
}

/** A read that was asked for, by a message or by the clock. */
interface Asked {
  readonly message: ReadMessage;
  readonly send: Send;
  readonly timed: boolean;
  readonly signal: AbortSignal;
}

function invalid(field: string, text: string): EnergyError {
  return new EnergyError('invalid_argument', `${field}: ${text}`, { parameters: { field } });
}

/** Copies of the message that asked, without its payload, which may be large and is replaced anyway. */
function copies(RED: NodeAPI, message: NodeMessage): Copy {
  const rest = { ...message };
  delete rest.payload;
  return () => RED.util.cloneMessage(rest);
}

async function readWith(reader: LinkyReader, context: Context, { message, send, signal }: Asked) {
  const { RED, node, definition, texts, show } = context;
  const explain = (problem: string): string => texts(`validate.${problem}`) ?? problem;
  const request = readRequestOf(definition, message, Date.now(), explain);
  const copy = copies(RED, message);
  const onProgress = (progress: ReadProgress): void => {
    if (signal.aborted) return;
    show.progress(progress);
    if (definition.progress === true) send([progressMessage(progress, copy), null]);
  };
  try {
    return await reader.read({ ...request, subscriber: node.id, signal, onProgress });
  } catch (error) {
    const isUnnamed = error instanceof EnergyError && error.parameters['field'] === 'usagePoint';
    throw isUnnamed ? invalid('usagePoint', explain('usagePoint.unnamed')) : error;
  }
}

function sendResults(results: readonly ReadResult[], { RED, definition }: Context, { message, send, timed }: Asked) {
  const isNews = isBlank(message.from) && isBlank(definition.from);
  const emit = definition.emit === 'each' ? 'each' : 'array';
  for (const result of results) {
    // By the clock, no news is no message.
    if (timed && isNews && result.readings.length === 0 && result.dataset !== 'contract') continue;
    const messages = resultMessages(result, emit, copies(RED, message), () => RED.util.generateId());
    for (const each of messages) send([each, null]);
  }
}

/**
 * Reads and sends. What a meter lacks temporarily is told beside what could be had. Says whether a timed read should be
 * tried again on the same day.
 * @throws EnergyError for anything but authentication, which has an output of its own
 */
async function perform(context: Context, asked: Asked): Promise<boolean> {
  const { RED, node, definition, account, texts, show } = context;
  const { message, send, signal } = asked;
  const report = (error: AuthenticationError): void => {
    const copy = RED.util.cloneMessage(message);
    send([null, authenticationMessage(node, definition.account, copy, error, texts, 'enedis')]);
  };
  show.reading();
  let results: readonly ReadResult[];
  try {
    results = await readWith(await account.openReader(), context, asked);
  } catch (error) {
    if (signal.aborted) throw error;
    show.failure(error);
    if (!(error instanceof AuthenticationError)) throw error;
    report(error);
    return isWorthAnotherTryAfter(error);
  }
  signal.throwIfAborted();
  show.results(results);
  sendResults(results, context, asked);
  const problems = results.flatMap(({ problem }) => problem ?? []);
  for (const problem of problems) if (problem instanceof AuthenticationError) report(problem);
  const other = problems.find((problem) => !(problem instanceof AuthenticationError));
  if (other) throw other;
  return isWorthAnotherTry(results, Date.now());
}

/** Reads once a day; makes up for a read that was missed, and reads soon after a consent. Returns how to stop. */
function startDaily(context: Context, queue: ReadQueue): () => void {
  const { RED, node, definition, account, texts, show } = context;
  let stopped = false;
  const stops: (() => void)[] = [];
  const read = async (): Promise<boolean> => {
    const message: ReadMessage = { _msgid: RED.util.generateId() };
    const send: Send = (messages) => node.send(messages);
    let again = false;
    try {
      const finished = await queue.run(async (signal) => {
        again = await perform(context, { message, send, timed: true, signal });
      });
      if (!finished && !stopped) show.cancelled();
    } catch (error) {
      const failure = error as EnergyError;
      node.error(localized(failure, texts), message);
      again = isWorthAnotherTryAfter(failure);
    }
    return again;
  };
  const daily = new DailyReads({ seed: node.id, read, onNext: (at) => show.next(at) });
  daily.start();
  const follow = async (): Promise<void> => {
    const opened = await account.openAccount();
    if (stopped) return;
    stops.push(opened.listen({ onAuthorized: () => daily.soon() }));
    // A range of days would only be sent again.
    if (isBlank(definition.from) && opened.summary().state === 'linked') daily.catchUp();
  };
  // An account that cannot be opened is told by the reads.
  inBackground(follow, () => undefined);
  return () => {
    stopped = true;
    daily.stop();
    for (const stop of stops) stop();
  };
}

/** Registers the node `linky-read`: readings on the first output, authentication errors on the second. */
export default function register(RED: NodeAPI): void {
  const texts = linkyTexts(RED);

  function LinkyRead(this: Node, definition: LinkyReadDefinition): void {
    RED.nodes.createNode(this, definition);
    const show = readStatus(this, (key, values) => RED._(`status.${key}`, values));
    const account = RED.nodes.getNode(definition.account) as AccountNode | null;
    const context = account && { RED, node: this, definition, account, texts, show };
    const queue = new ReadQueue();
    let closed = false;

    const handle = async (message: ReadMessage, send: Send): Promise<void> => {
      if (message.topic === 'cancel') return queue.cancel();
      if (!context) throw invalid('account', texts('validate.account.empty') ?? 'none is chosen');
      const finished = await queue.run(async (signal) => {
        await perform(context, { message, send, timed: false, signal });
      });
      if (!finished && !closed) show.cancelled();
    };
    onInput(this, handle, (error) => localized(error, texts));

    if (context) show.waiting();
    else show.noAccount();
    const stopDaily = context && definition.daily === true ? startDaily(context, queue) : undefined;
    onClose(this, () => {
      closed = true;
      stopDaily?.();
      return queue.cancel();
    });
  }

  RED.nodes.registerType('linky-read', LinkyRead as never);
}
