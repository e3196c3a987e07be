import assert from 'node:assert/strict';
import type { Node, NodeStatus } from 'node-red';
import { AuthenticationError, EnergyError } from '../../../lib/errors.js';
import { failureKey, StatusLine } from '../../../nodes/shared/status.js';

describe('the status below a node', () => {
  it('is sent again only where something of it changed', () => {
    const sent: unknown[] = [];
    const node: Pick<Node, 'status'> = { status: (status: string | NodeStatus) => sent.push(status) };
    const line = new StatusLine(node as Node);
    assert.equal(line.fill, undefined);
    line.show('green', 'dot', '500 W');
    line.show('green', 'dot', '500 W');
    line.show('yellow', 'dot', '500 W');
    line.show('yellow', 'ring', '500 W');
    line.show('yellow', 'ring', '510 W');
    assert.equal(line.fill, 'yellow');
    assert.deepEqual(sent, [
      { fill: 'green', shape: 'dot', text: '500 W' },
      { fill: 'yellow', shape: 'dot', text: '500 W' },
      { fill: 'yellow', shape: 'ring', text: '500 W' },
      { fill: 'yellow', shape: 'ring', text: '510 W' },
    ]);
  });

  it('has the texts of failures under two keys', () => {
    assert.equal(failureKey(new AuthenticationError('mfa_required', 'x')), 'auth.mfa_required');
    assert.equal(failureKey(new EnergyError('reply_invalid', 'x')), 'failure.reply_invalid');
    assert.match(failureKey(new Error('x')), /^failure\./);
  });
});
