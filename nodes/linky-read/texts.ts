import type { NodeAPI } from 'node-red';
import { accountTexts, type Texts } from '../shared/texts.js';

const namespace = '@energy-nodes/node-red-envoy-linky/linky-read';

/** Texts of this node in the language of the server, and for what it has no words of its own those of its account. */
export function linkyTexts(RED: NodeAPI): Texts {
  const shared = accountTexts(RED);
  return (key, values = {}) => {
    const full = `${namespace}:${key}`;
    const text = RED._(full, values);
    return text === full || text === key ? shared(key, values) : text;
  };
}
