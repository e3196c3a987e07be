const process = require('node:process');

/**
 * Nodes that connect a flow with the test that started Node-RED, over the channel between both processes: `test-output`
 * hands every message to the test, `test-input` sends the messages that the test gives it. The file also tells the test
 * when the server listens and when flows have started.
 */
module.exports = function (RED) {
  const tell = (event) => process.send?.(event);
  const listening = () => tell({ event: 'listening', port: RED.server.address().port });
  if (RED.server.listening) listening();
  else RED.server.on('listening', listening);
  RED.events.on('flows:started', () => tell({ event: 'started' }));
  RED.events.on('runtime-event', ({ id, payload }) => {
    if (id === 'runtime-state' && payload?.error)
      tell({ event: 'refused', reason: `${payload.error} ${payload.types ?? ''}` });
  });

  RED.nodes.registerType('test-output', function (config) {
    RED.nodes.createNode(this, config);
    this.on('input', (message, _send, done) => {
      tell({ event: 'message', node: this.id, message: portable(message) });
      done();
    });
  });

  RED.nodes.registerType('test-input', function (config) {
    RED.nodes.createNode(this, config);
    const receive = (event) => {
      if (event?.event === 'send' && event.node === this.id) this.send(event.message);
    };
    process.on('message', receive);
    this.on('close', () => process.off('message', receive));
  });
};

/**
 * A copy that can cross between processes and keeps what a flow sees: errors become objects with all of their own
 * properties (`code` among them, which a cloned error loses), functions are left out, and so are the request and the
 * response of an HTTP node.
 */
function portable(value, above = []) {
  if (value === null || typeof value !== 'object' || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (above.includes(value)) return '[circular]';
  const path = [...above, value];
  if (Array.isArray(value)) return value.map((item) => portable(item, path));
  const entries = Object.entries(value);
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    entries.unshift(
      ['name', name],
      ['message', message],
      ['stack', stack],
      ...(cause === undefined ? [] : [['cause', cause]]),
    );
  }
  const kept = entries.filter(
    ([key, item]) => typeof item !== 'function' && !(above.length === 0 && ['req', 'res'].includes(key)),
  );
  return Object.fromEntries(kept.map(([key, item]) => [key, portable(item, path)]));
}
