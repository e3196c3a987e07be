import type { Request, Response } from 'express';
import type { Node, NodeAPI } from 'node-red';
import { asEnergyError } from '../../lib/errors.js';
import { spoken, type Texts } from '../shared/texts.js';
import type { Flow } from './flow.js';
import { qrCode } from './messages.js';

/** A `device-flow` node; without an account it has no flow. */
export interface FlowNode extends Node {
  flow?: Flow;
}

async function readState(flow: Flow, texts: Texts) {
  try {
    const { state, dance, problem } = (await flow.account()).summary();
    const known = { deployed: true, state, phase: dance.phase, ...(problem && { problem: spoken(problem, texts) }) };
    if (dance.phase !== 'waiting') return known;
    const { prompt, trouble } = dance;
    const qr = await qrCode(prompt.verificationUriComplete);
    return { ...known, prompt: { ...prompt, qr }, ...(trouble && { trouble }) };
  } catch (error) {
    return { deployed: true, problem: spoken(asEnergyError(error), texts) };
  }
}

/**
 * Serves the routes of the editor under the admin API: `POST device-flow/:id` is the button of the node,
 * `GET device-flow/:id` tells where its dance stands, with code and link for the person who is to consent.
 */
export function serveAdmin(RED: NodeAPI, texts: Texts): void {
  const nodeOf = (request: Request) => RED.nodes.getNode(String(request.params.id)) as FlowNode | null;
  RED.httpAdmin.post(
    '/device-flow/:id',
    RED.auth.needsPermission('device-flow.write'),
    (request: Request, response: Response) => {
      const node = nodeOf(request);
      node?.receive({});
      response.sendStatus(node ? 200 : 404);
    },
  );
  RED.httpAdmin.get(
    '/device-flow/:id',
    RED.auth.needsPermission('device-flow.read'),
    (request: Request, response: Response) => {
      const flow = nodeOf(request)?.flow;
      if (!flow) response.json({ deployed: false });
      else void readState(flow, texts).then((reply) => response.json(reply));
    },
  );
}
