import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import type { AccountSummary, DeviceFlowAccount } from '../../lib/device-flow/account.js';
import { asEnergyError } from '../../lib/errors.js';
import type { AccountNode } from '../shared/account-node.js';
import { answer, fieldsOf } from '../shared/admin-answer.js';
import { spoken, type Texts } from '../shared/texts.js';
import { runTest } from './test-connection.js';

/** What the dialog shows of an account; usage points are masked, of the dance only where it stands. */
function summaryReply({ dance, problem, ...known }: AccountSummary, texts: Texts) {
  return { deployed: true, ...known, dance: dance.phase, ...(problem && { problem: spoken(problem, texts) }) };
}

async function readState(account: AccountNode, texts: Texts) {
  try {
    return summaryReply((await account.openAccount()).summary(), texts);
  } catch (error) {
    return { deployed: true, problem: spoken(asEnergyError(error), texts) };
  }
}

async function forget(account: DeviceFlowAccount, texts: Texts) {
  await account.cancel();
  const { revoked } = await account.forget();
  return { ...summaryReply(account.summary(), texts), revoked };
}

async function test(RED: NodeAPI, texts: Texts, body: unknown) {
  const { ok, steps, account } = await runTest(RED, texts, fieldsOf(body));
  // The steps say what is wrong; the rest are facts.
  return { ...(account && { ...summaryReply(account.summary(), texts), problem: undefined }), ok, steps };
}

/**
 * Serves the routes of the dialog under the admin API: `GET enedis-account/state/:id` tells what the deployed node knows,
 * `POST enedis-account/test` tries the settings of the dialog, `POST enedis-account/forget/:id` has the deployed node
 * forget its tokens. No secret is in any reply.
 */
export function serveAdmin(RED: NodeAPI, texts: Texts): void {
  const nodeOf = (request: Request) => RED.nodes.getNode(String(request.params.id)) as AccountNode | null;
  RED.httpAdmin.get(
    '/enedis-account/state/:id',
    RED.auth.needsPermission('enedis-account.read'),
    (request: Request, response: Response) => {
      const account = nodeOf(request);
      if (!account) response.json({ deployed: false });
      else void readState(account, texts).then((reply) => response.json(reply));
    },
  );
  RED.httpAdmin.post(
    '/enedis-account/test',
    RED.auth.needsPermission('enedis-account.write'),
    (request: Request, response: Response) => {
      answer(response, test(RED, texts, request.body), texts);
    },
  );
  RED.httpAdmin.post(
    '/enedis-account/forget/:id',
    RED.auth.needsPermission('enedis-account.write'),
    (request: Request, response: Response) => {
      const account = nodeOf(request);
      const forgotten = account?.openAccount().then((opened) => forget(opened, texts));
      if (forgotten) answer(response, forgotten, texts);
      else response.status(404).json({ error: texts('forget.notDeployed') ?? 'The account is not deployed.' });
    },
  );
}
