import type { NodeAPI } from 'node-red';
import type { DeviceFlowAccount } from '../../lib/device-flow/account.js';
import { givenTokens } from '../../lib/device-flow/given-token.js';
import {
  deviceFlowSettings,
  type AccountCredentials,
  type DeviceFlowSettings,
} from '../../lib/device-flow/settings.js';
import { asEnergyError, AuthenticationError, type EnergyError } from '../../lib/errors.js';
import type { AccountNode } from '../shared/account-node.js';
import { fieldsOf, type Fields } from '../shared/admin-answer.js';
import { allFromEnvironment } from '../shared/environment.js';
import { packageVersion } from '../shared/package-version.js';
import { spoken, type Texts } from '../shared/texts.js';

/** The config node as its own dialog uses it. */
export interface TestableNode extends AccountNode {
  /** What it was deployed with. @throws EnergyError `invalid_argument` */
  accountSettings(): Promise<DeviceFlowSettings>;
}

/** One step of a test, for the dialog: a step that failed has a code, one that was not reached has none. */
interface StepReply {
  readonly name: 'reachable' | 'client' | 'tokens';
  readonly ok: boolean;
  readonly text: string;
  readonly code?: string;
  readonly action?: string;
}

type Say = (key: string, values?: Readonly<Record<string, string>>) => string;

/** What a test is made with. */
interface Trial {
  readonly settings: DeviceFlowSettings;
  readonly texts: Texts;
  readonly say: Say;
  /** The running account, where the dialog shows what it was deployed with. */
  readonly account: DeviceFlowAccount | undefined;
}

function failed(name: StepReply['name'], error: EnergyError, { texts }: Trial): StepReply {
  const { code, message, action } = spoken(error, texts);
  return { name, ok: false, text: message, code, ...(action !== undefined && { action }) };
}

async function serverSteps(trial: Trial): Promise<StepReply[]> {
  const { settings, say } = trial;
  const { testServer } = await import('../../lib/device-flow/server-test.js');
  const { reachable, problem } = await testServer(settings);
  const { host } = new URL(settings.server);
  const asksClient = settings.clientId !== '';
  if (!reachable && problem) {
    const text = say('test.reachable.failed', { host });
    const skipped: StepReply = { name: 'client', ok: false, text: say('test.client.skipped') };
    return [{ ...failed('reachable', problem, trial), text }, ...(asksClient ? [skipped] : [])];
  }
  const first: StepReply = { name: 'reachable', ok: true, text: say('test.reachable.ok', { host }) };
  if (!asksClient) return problem ? [failed('reachable', problem, trial)] : [first];
  return [
    first,
    problem ? failed('client', problem, trial) : { name: 'client', ok: true, text: say('test.client.ok') },
  ];
}

/** A token of the dialog that was not deployed: whether it is one can be told without asking. */
function givenStep(trial: Trial, token: string): StepReply {
  try {
    givenTokens(token, Date.now());
    return { name: 'tokens', ok: true, text: trial.say('test.tokens.given') };
  } catch (error) {
    return failed('tokens', asEnergyError(error), trial);
  }
}

async function tokensStep(trial: Trial): Promise<StepReply> {
  const { settings, account, say } = trial;
  if (!account) {
    if (settings.token !== undefined) return givenStep(trial, settings.token);
    return { name: 'tokens', ok: false, text: say('test.tokens.undeployed') };
  }
  if (account.summary().state === 'unlinked') {
    const text = say(settings.clientId === '' ? 'test.tokens.noneGiven' : 'test.tokens.none');
    return { name: 'tokens', ok: false, text };
  }
  try {
    await account.tokens();
    return { name: 'tokens', ok: true, text: say('test.tokens.ok') };
  } catch (raw) {
    const error = asEnergyError(raw);
    // With the server away tokens that are still good stay good.
    const passing = error instanceof AuthenticationError && error.retryable;
    return passing ? { name: 'tokens', ok: false, text: say('test.tokens.skipped') } : failed('tokens', error, trial);
  }
}

/** The running account, where the dialog has what it was deployed with. */
async function runningAccount(
  node: TestableNode | null,
  settings: DeviceFlowSettings,
): Promise<DeviceFlowAccount | undefined> {
  const deployed = await node?.accountSettings().catch(() => undefined);
  return node && JSON.stringify(deployed) === JSON.stringify(settings) ? node.openAccount() : undefined;
}

/**
 * Tries the settings of the dialog, deployed or not: whether the server answers, whether it knows the client, whether the
 * tokens can be used. A credential that the dialog leaves out is the deployed one. No consent is asked for.
 * @throws EnergyError `invalid_argument` for settings that cannot be used
 */
export async function runTest(RED: NodeAPI, texts: Texts, body: Fields) {
  const id = typeof body['id'] === 'string' ? body['id'] : '';
  const node = RED.nodes.getNode(id) as TestableNode | null;
  const typed = fieldsOf(body['credentials']) as AccountCredentials;
  const credentials = allFromEnvironment({ ...node?.credentials, ...typed });
  const settings = deviceFlowSettings(allFromEnvironment(body), credentials, await packageVersion());
  const say: Say = (key, values) => texts(key, values) ?? key;
  const account = await runningAccount(node, settings);
  const trial = { settings, texts, say, account };
  const server = await serverSteps(trial);
  const steps = [...server, await tokensStep(trial)];
  return { ok: steps.every(({ code }) => code === undefined), steps, account };
}
