import type { Node, NodeMessage } from 'node-red';
import type { DeviceFlowAccount } from '../../lib/device-flow/account.js';
import type { DancePhase, Prompt } from '../../lib/device-flow/prompt.js';
import type { TokenSet } from '../../lib/device-flow/tokens.js';
import { asEnergyError, AuthenticationError } from '../../lib/errors.js';
import type { AccountNode } from '../shared/account-node.js';
import { authenticationMessage } from '../shared/authentication-message.js';
import { inBackground, type Send } from '../shared/handler.js';
import { localized, type Texts } from '../shared/texts.js';
import { Autostart } from './autostart.js';
import { outcomeMessage, promptMessage } from './messages.js';
import type { FlowStatus } from './status.js';

/** What a flow of authorisation is made of. */
export interface FlowParts {
  readonly node: Node;
  readonly account: AccountNode;
  readonly texts: Texts;
  readonly status: FlowStatus;
  /** How many codes a dance may have. */
  readonly attempts: number;
  readonly autostart: boolean;
  readonly exposeTokens: boolean;
  readonly newMessage: () => NodeMessage;
  /** Tells editors that a code waits for a person (the number of the code), or that none does. */
  readonly publish: (attempt: number | undefined) => void;
}

/** What a `device-flow` node does with its account: messages in, prompts, outcomes and problems out (design 3.5). */
export class Flow {
  readonly #parts: FlowParts;
  readonly #autostart: Autostart;
  #opened: Promise<DeviceFlowAccount> | undefined;
  #stopListening: (() => void) | undefined;
  /** The user code that was sent last. */
  #sentCode: string | undefined;
  /** Messages of which the answer is under way: what they bring about is told by them. */
  #asking = 0;
  #heldProblem: AuthenticationError | undefined;
  #closed = false;

  constructor(parts: FlowParts) {
    this.#parts = parts;
    this.#autostart = new Autostart(
      () => this.#startIfNeeded(),
      (error) => this.#failedAlone(error),
    );
  }

  /** Goes on with what an earlier process began, and starts by itself where that is wanted. Raises nothing. */
  async begin(): Promise<void> {
    try {
      const account = await this.#open();
      const { dance } = account.summary();
      if (dance.phase === 'waiting') this.#onPhase(account, dance);
    } catch (error) {
      this.#failedAlone(error);
      return;
    }
    if (this.#parts.autostart) await this.#autostart.begin();
  }

  /** Does what a message asks for. @throws EnergyError for what goes to Catch nodes */
  async input(message: NodeMessage, send: Send): Promise<void> {
    const { node, account, texts } = this.#parts;
    this.#asking++;
    try {
      this.#autostart.rest();
      await this.#follow(await this.#open(), message, send);
    } catch (raw) {
      const error = asEnergyError(raw);
      if (error.code === this.#heldProblem?.code) this.#heldProblem = undefined;
      // Somebody ended the dance before its first code came: that is an answer of its own.
      if (error.code === 'closed') return;
      this.#show(error);
      if (!(error instanceof AuthenticationError)) throw error;
      send([null, null, authenticationMessage(node, account.id, message, error, texts, 'enedis')]);
    } finally {
      this.#asking--;
      this.#tellHeld();
    }
  }

  /** The account, where it could be opened. */
  async account(): Promise<DeviceFlowAccount> {
    return this.#open();
  }

  close(): void {
    this.#closed = true;
    this.#autostart.stop();
    this.#stopListening?.();
    this.#parts.status.stop();
    this.#parts.publish(undefined);
  }

  #open(): Promise<DeviceFlowAccount> {
    return (this.#opened ??= this.#parts.account.openAccount().then((account) => {
      if (this.#closed) return account;
      this.#stopListening = account.listen({
        onPhase: (phase) => this.#onPhase(account, phase),
        onAuthorized: (tokens) => this.#onAuthorized(account, tokens),
        onProblem: (problem) => this.#onProblem(account, problem),
      });
      this.#follows(account);
      return account;
    }));
  }

  async #follow(account: DeviceFlowAccount, message: NodeMessage, send: Send): Promise<void> {
    const { topic } = message as NodeMessage & { topic?: unknown };
    if (topic === 'cancel') await account.cancel();
    else if (topic === 'logout') {
      await account.cancel();
      await account.forget();
    } else if (topic === 'refresh') {
      const tokens = await account.refresh();
      send([null, this.#outcome(message, tokens), null]);
    } else send([await this.#prompt(message, await account.start(this.#parts.attempts)), null, null]);
    this.#follows(account);
  }

  async #startIfNeeded(): Promise<void> {
    const account = await this.#open();
    const { state, dance } = account.summary();
    if (state === 'linked' || dance.phase !== 'idle') return;
    this.#asking++;
    try {
      const prompt = await account.start(this.#parts.attempts);
      this.#parts.node.send([await this.#prompt(this.#parts.newMessage(), prompt), null, null]);
    } finally {
      this.#asking--;
      this.#tellHeld();
    }
  }

  #onPhase(account: DeviceFlowAccount, phase: DancePhase): void {
    this.#follows(account);
    if (phase.phase !== 'waiting') {
      this.#parts.publish(undefined);
      return;
    }
    const { prompt } = phase;
    this.#parts.publish(prompt.attempt);
    if (prompt.userCode === this.#sentCode || this.#asking > 0) return;
    this.#sentCode = prompt.userCode;
    this.#inBackground(async () => {
      this.#parts.node.send([await this.#prompt(this.#parts.newMessage(), prompt), null, null]);
    });
  }

  #onAuthorized(account: DeviceFlowAccount, tokens: TokenSet): void {
    this.#follows(account);
    this.#parts.node.send([null, this.#outcome(this.#parts.newMessage(), tokens), null]);
  }

  #onProblem(account: DeviceFlowAccount, problem: AuthenticationError): void {
    this.#follows(account);
    if (this.#asking > 0) this.#heldProblem = problem;
    else this.#tell(problem);
    // A consent that ended by itself; a code that nobody used waits for a person.
    if (this.#parts.autostart && problem.code === 'consent_expired') {
      this.#inBackground(() => this.#autostart.begin());
    }
  }

  #tellHeld(): void {
    const held = this.#heldProblem;
    if (!held || this.#asking > 0) return;
    this.#heldProblem = undefined;
    this.#tell(held);
  }

  #tell(error: AuthenticationError): void {
    const { node, account, texts, newMessage } = this.#parts;
    node.send([null, null, authenticationMessage(node, account.id, newMessage(), error, texts, 'enedis')]);
  }

  /** Something failed that no message asked for. */
  #failedAlone(raw: unknown): void {
    const error = asEnergyError(raw);
    if (this.#closed || error.code === 'closed') return;
    this.#show(error);
    if (error instanceof AuthenticationError) this.#tell(error);
    else this.#parts.node.error(localized(error, this.#parts.texts), this.#parts.newMessage());
  }

  #show(error: unknown): void {
    const known = asEnergyError(error);
    if (!(known instanceof AuthenticationError)) this.#parts.status.failed(known);
    else this.#inBackground(async () => this.#follows(await this.#open()));
  }

  #follows(account: DeviceFlowAccount): void {
    this.#parts.status.follow(() => account.summary());
  }

  #prompt(message: NodeMessage, prompt: Prompt): Promise<NodeMessage> {
    this.#sentCode = prompt.userCode;
    return promptMessage(message, this.#parts.account.id, prompt);
  }

  #outcome(message: NodeMessage, tokens: TokenSet): NodeMessage {
    const { account, exposeTokens } = this.#parts;
    return outcomeMessage(message, account.id, tokens, { exposeTokens });
  }

  #inBackground(task: () => Promise<void>): void {
    inBackground(task, (error) => this.#parts.node.error(localized(error, this.#parts.texts)));
  }
}
