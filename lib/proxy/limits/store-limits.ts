import type { Records } from '../../store/records/records.js';
import type { RateBucket } from '../records/types.js';
import { allowance, bucketAt, giveBackTo, takeFrom } from './buckets.js';
import type { Allowance, LimitRule, Limits } from './limits.js';

const allowed: Allowance = { allowed: true, wait: 0 };

interface WaitingTake {
  readonly resolve: (allowance: Allowance) => void;
  readonly reject: (error: unknown) => void;
}

function bucketId(rule: LimitRule, subject: string): string {
  return `${rule.name}:${subject}`;
}

/** Takes of single buckets. Those that come while a write of the same bucket is under way share the next write. */
class BucketWriter {
  readonly #buckets: Records<RateBucket>;
  readonly #now: () => number;
  readonly #waiting = new Map<string, WaitingTake[]>();

  constructor(buckets: Records<RateBucket>, now: () => number) {
    this.#buckets = buckets;
    this.#now = now;
  }

  take(rule: LimitRule, subject: string): Promise<Allowance> {
    return new Promise((resolve, reject) => {
      const id = bucketId(rule, subject);
      const waiting = this.#waiting.get(id);
      if (waiting) {
        waiting.push({ resolve, reject });
        return;
      }
      this.#waiting.set(id, [{ resolve, reject }]);
      void this.#writeAll(id, rule);
    });
  }

  /** A failure is left aside: one request too many is counted, and whoever asked is told of his own trouble. */
  async giveBack(rule: LimitRule, subject: string): Promise<void> {
    const transition = (stored: RateBucket | undefined) => {
      const next = giveBackTo(stored, rule, this.#now());
      return { ...(next && { next }), answer: undefined };
    };
    await this.#buckets.change(bucketId(rule, subject), transition, { durability: 'quick' }).catch(() => undefined);
  }

  async #writeAll(id: string, rule: LimitRule): Promise<void> {
    for (let takes = this.#waiting.get(id); takes && takes.length > 0; takes = this.#waiting.get(id)) {
      this.#waiting.set(id, []);
      await this.#write(id, rule, takes);
    }
    this.#waiting.delete(id);
  }

  async #write(id: string, rule: LimitRule, takes: readonly WaitingTake[]): Promise<void> {
    try {
      const { taken, refusal } = await this.#buckets.change(
        id,
        (stored) => {
          const { next, ...answer } = takeFrom(stored, rule, takes.length, this.#now());
          return { ...(next && { next }), answer };
        },
        { durability: 'quick' },
      );
      takes.forEach(({ resolve }, place) => {
        resolve(place < taken ? allowed : refusal);
      });
    } catch (error) {
      for (const { reject } of takes) reject(error);
    }
  }
}

/** Limits that are counted in the store, so that all instances on it count together (spec/device-flow 2.5 (8)). */
export function createLimits(buckets: Records<RateBucket>, now: () => number): Limits {
  const writer = new BucketWriter(buckets, now);

  async function look(rules: readonly LimitRule[], subject: string): Promise<Allowance> {
    const stored = await Promise.all(rules.map((rule) => buckets.get(bucketId(rule, subject))));
    const time = now();
    return strictest(rules.map((rule, place) => allowance(bucketAt(stored[place], rule, time), rule, time)));
  }

  async function takeEach(rules: readonly LimitRule[], subject: string): Promise<Allowance> {
    const taken: LimitRule[] = [];
    const giveAllBack = () => Promise.all(taken.map((rule) => writer.giveBack(rule, subject)));
    try {
      for (const rule of rules) {
        const answer = await writer.take(rule, subject);
        if (!answer.allowed) {
          await giveAllBack();
          return answer;
        }
        taken.push(rule);
      }
    } catch (error) {
      // The store is in trouble: nobody is to wait for it once more.
      void giveAllBack();
      throw error;
    }
    return allowed;
  }

  return {
    look,
    // The rules lie in records of their own: looking first makes it rare that one has to be given back.
    async take(rules, subject) {
      const seen = rules.length > 1 ? await look(rules, subject) : allowed;
      return seen.allowed ? takeEach(rules, subject) : seen;
    },
  };
}

function strictest(answers: readonly Allowance[]): Allowance {
  const wait = Math.max(0, ...answers.map((answer) => answer.wait));
  return { allowed: answers.every((answer) => answer.allowed), wait };
}
