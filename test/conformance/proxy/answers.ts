import assert from 'node:assert/strict';
import type { WireAnswer } from '../../support/proxy-world.js';

/** Asserts that an answer is this error of OAuth; the description only where one is given. */
export function assertError(answer: WireAnswer, status: number, error: string, description?: string | RegExp): void {
  assert.equal(answer.status, status, answer.text);
  assert.match(answer.headers['content-type'] ?? '', /^application\/json/);
  assert.equal(answer.json['error'], error, answer.text);
  if (description === undefined) return;
  const told = String(answer.json['error_description']);
  if (typeof description === 'string') assert.equal(told, description);
  else assert.match(told, description);
}

/** Asserts that somebody is to come back later, and is told when. */
export function assertLimited(answer: WireAnswer): void {
  assertError(answer, 429, 'slow_down');
  assert.match(answer.headers['retry-after'] ?? '', /^[1-9]\d*$/);
}
