import type { DeviceFlowAccount } from '../../../lib/device-flow/account.js';
import { createDeviceFlowAccount } from '../../../lib/device-flow/device-flow-account.js';
import type { AccountMemory } from '../../../lib/device-flow/memory.js';
import type { DancePhase } from '../../../lib/device-flow/prompt.js';
import type { DeviceFlowSettings } from '../../../lib/device-flow/settings.js';
import type { TokenSet } from '../../../lib/device-flow/tokens.js';
import { EnergyError, type AuthenticationError } from '../../../lib/errors.js';
import type { Kept } from '../../../lib/store/sealed-file.js';
import {
  scriptedTransport,
  type ScriptedReply,
  type ScriptedRequest,
  type ScriptedTransport,
} from './scripted-transport.js';
import { VirtualClock } from './virtual-clock.js';

export const usagePoint = '12345678901234';

export const settings: DeviceFlowSettings = {
  server: 'https://p.test',
  clientId: 'client',
  userAgent: 'Test/1.0.0',
  timeout: 1000,
};

/** Storage of a test, as text; it can be out of order. */
export class TestMemory implements Kept<AccountMemory> {
  text: string | undefined;
  broken = false;
  writes = 0;

  get value(): AccountMemory | undefined {
    return this.text === undefined ? undefined : (JSON.parse(this.text) as AccountMemory);
  }

  read(): Promise<AccountMemory | undefined> {
    if (this.broken) return Promise.reject(new EnergyError('storage_failed', 'The disk is full.'));
    return Promise.resolve(this.value);
  }

  write(value: AccountMemory): Promise<void> {
    if (this.broken) return Promise.reject(new EnergyError('storage_failed', 'The disk is full.'));
    this.text = JSON.stringify(value);
    this.writes++;
    return Promise.resolve();
  }
}

/** What an account told its listeners. */
interface Told {
  readonly phases: DancePhase[];
  readonly authorized: TokenSet[];
  readonly problems: AuthenticationError[];
  readonly storage: EnergyError[];
}

/** One account against a script. */
export interface ScriptedAccount {
  readonly account: DeviceFlowAccount;
  readonly transport: ScriptedTransport;
  readonly clock: VirtualClock;
  readonly memory: TestMemory;
  readonly told: Told;
}

type Script = (request: ScriptedRequest) => ScriptedReply | undefined | Promise<ScriptedReply | undefined>;

/** Opens an account whose server is a script. */
export async function openScripted(
  script: Script,
  given: {
    readonly memory?: TestMemory;
    readonly clock?: VirtualClock;
    readonly settings?: Partial<DeviceFlowSettings>;
  } = {},
): Promise<ScriptedAccount> {
  const { memory = new TestMemory(), clock = new VirtualClock() } = given;
  const transport = scriptedTransport(script);
  const all = { ...settings, ...given.settings };
  const account = await createDeviceFlowAccount({ settings: all, memory, clock, transport, random: () => 0 });
  const told: Told = { phases: [], authorized: [], problems: [], storage: [] };
  account.listen({
    onPhase: (phase) => told.phases.push(phase),
    onAuthorized: (tokens) => told.authorized.push(tokens),
    onProblem: (problem) => told.problems.push(problem),
    onStorageFailure: (error) => told.storage.push(error),
  });
  return { account, transport, clock, memory, told };
}

/** The answer with a device code; a new one for each number. */
export function codeReply(number = 1, more: object = {}): ScriptedReply {
  return {
    status: 200,
    body: {
      device_code: `device-${number}`,
      user_code: `BCDF-GHJ${String.fromCharCode(64 + number)}`,
      verification_uri: 'https://p.test/device',
      expires_in: 300,
      interval: 5,
      ...more,
    },
  };
}

/** An answer with an error of OAuth. */
export function refused(error: string, status = 400, headers: Record<string, string> = {}): ScriptedReply {
  return { status, body: { error }, headers };
}

/** The answer with tokens; new ones for each number. */
export function tokenReply(number = 1, more: object = {}): ScriptedReply {
  const body = { access_token: `access-${number}`, refresh_token: `refresh-${number}`, token_type: 'Bearer' };
  return { status: 200, body: { ...body, expires_in: 12_600, usage_points_id: usagePoint, ...more } };
}

/** Gives these answers to polls, the last one for ever. */
export function danceScript(polls: readonly ScriptedReply[], more: Script = () => undefined): Script {
  let codes = 0;
  let answers = 0;
  return (request) => {
    if (request.path.startsWith('/.well-known')) return undefined;
    if (request.path === '/device/code') return codeReply(++codes);
    const isPoll = request.form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:device_code';
    if (!isPoll) return more(request);
    return polls[Math.min(answers++, polls.length - 1)];
  };
}

/** Opens an account that has just been linked. */
export async function openLinked(more: Script, tokens: object = {}): Promise<ScriptedAccount> {
  const scripted = await openScripted(danceScript([tokenReply(1, tokens)], more));
  await scripted.account.start(1);
  await scripted.clock.advance(5000);
  return scripted;
}
