import type { Request, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { answer, fieldsOf } from '../shared/admin-answer.js';
import { diagnosticsOf } from '../shared/diagnostics.js';
import type { GatewayNode } from '../shared/gateway-node.js';
import { spoken } from '../shared/texts.js';
import type { AdminParts } from './admin-parts.js';
import { searchGateways } from './search.js';
import { runTest, stateReply } from './test-connection.js';

function readState(RED: NodeAPI, parts: AdminParts, id: string) {
  const node = RED.nodes.getNode(id) as GatewayNode | null;
  const state = node?.sessionState();
  return {
    deployed: node !== null,
    ...(state && stateReply(state)),
    ...(state?.problem && { problem: spoken(state.problem, parts.texts) }),
  };
}

/**
 * Serves the routes of the dialog under the admin API: `POST envoy-gateway/test` tries the settings in the dialog,
 * `POST envoy-gateway/search` looks for gateways on the network, `GET envoy-gateway/state/:id` tells what the deployed
 * node knows. Both show masked serial numbers and no secrets.
 */
export function serveAdmin(RED: NodeAPI, parts: AdminParts): void {
  RED.httpAdmin.post(
    '/envoy-gateway/test',
    RED.auth.needsPermission('envoy-gateway.write'),
    (request: Request, response: Response) => {
      answer(response, runTest(RED, parts, fieldsOf(request.body)), parts.texts);
    },
  );
  RED.httpAdmin.post(
    '/envoy-gateway/search',
    RED.auth.needsPermission('envoy-gateway.write'),
    (request: Request, response: Response) => {
      const stop = new AbortController();
      response.once('close', () => {
        stop.abort();
      });
      const id = fieldsOf(request.body)['id'];
      answer(
        response,
        searchGateways(RED, typeof id === 'string' ? id : '', stop.signal).then((gateways) => ({ gateways })),
        parts.texts,
      );
    },
  );
  RED.httpAdmin.post(
    '/envoy-gateway/diagnostics/:id',
    RED.auth.needsPermission('envoy-gateway.write'),
    (request: Request, response: Response) => {
      const node = RED.nodes.getNode(String(request.params.id)) as GatewayNode | null;
      if (node) answer(response, diagnosticsOf(RED, node), parts.texts);
      else response.status(404).json({ error: parts.texts('diagnostics.notDeployed') });
    },
  );
  RED.httpAdmin.get(
    '/envoy-gateway/state/:id',
    RED.auth.needsPermission('envoy-gateway.read'),
    (request: Request, response: Response) => {
      response.json(readState(RED, parts, String(request.params.id)));
    },
  );
}
