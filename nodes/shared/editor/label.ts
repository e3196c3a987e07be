/** What a node that uses a gateway is called in the flow: its name, or else `fallback` of what its gateway is called. */
export function labelByGateway(node: EditorNode, fallback: (gatewayName: string | undefined) => string): string {
  if (typeof node.name === 'string' && node.name !== '') return node.name;
  const gateway = typeof node.gateway === 'string' ? RED.nodes.node(node.gateway) : undefined;
  const names = [gateway?.name, gateway?.host];
  return fallback(names.find((name): name is string => typeof name === 'string' && name !== ''));
}
