import type { Node, NodeStatusFill } from 'node-red';
import { asEnergyError, AuthenticationError } from '../../lib/errors.js';
import type { StatusTexts } from '../shared/status.js';

/** What an `envoy-control` node shows below itself. */
export interface ControlStatus {
  idle(): void;
  noGateway(): void;
  sending(): void;
  done(confirmed: boolean): void;
  failure(error: unknown): void;
}

/** The status of a node. */
export function controlStatus(node: Node, texts: StatusTexts): ControlStatus {
  const show = (fill: NodeStatusFill, shape: 'dot' | 'ring', text: string) => {
    node.status({ fill, shape, text });
  };
  return {
    idle: () => node.status({}),
    noGateway: () => show('red', 'ring', texts('noGateway')),
    sending: () => show('blue', 'dot', texts('sending')),
    done: (confirmed) =>
      confirmed ? show('green', 'dot', texts('confirmed')) : show('yellow', 'ring', texts('notConfirmed')),
    failure: (raw) => {
      const error = asEnergyError(raw);
      if (error.code === 'not_allowed') show('red', 'ring', texts('notAllowed'));
      else if (error instanceof AuthenticationError) show('red', 'dot', texts(`auth.${error.code}`));
      else show('red', 'ring', texts(`failure.${error.code}`));
    },
  };
}
