import assert from 'node:assert/strict';
import type { Change } from '../../../../lib/store/records/records.js';

/** A record in memory that changes by transitions, with the answers that they give. */
export class Kept<T> {
  value: T | undefined;

  constructor(value?: T) {
    this.value = value;
  }

  /** Carries a transition out, and checks that it left the record that it was given as it was. */
  change<R>(transition: (value: T | undefined) => Change<T, R>): R {
    const before = JSON.stringify(this.value);
    const { next, answer } = transition(this.value);
    assert.equal(JSON.stringify(this.value), before);
    if (next !== undefined) this.value = next;
    return answer;
  }
}
