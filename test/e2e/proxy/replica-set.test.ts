import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { nodeListener } from '../../../lib/proxy/http/node-listener.js';
import { mongoReplicaSet, withDatabase } from '../../support/mongodb.js';
import { runningClock } from '../../support/proxy/clock.js';
import { WireClient } from '../../support/proxy/exchange.js';
import { heldTokens, PatientDance, type HeldTokens } from '../../support/proxy/patient-dance.js';
import { ProxyWorld } from '../../support/proxy-world.js';
import { serve, type TestServer } from '../../support/server.js';

const dances = 1000;
const atATime = 50;
/** The primary is killed when so many dances have come to their end. */
const killsAt = [dances / 10, dances / 2];
/** For so long the primary alone takes writes before it is killed, ms: shorter than it takes to step down. */
const lead = 500;
/** How much faster than ours the clock of the proxies runs: nobody has to wait a minute for a lease to end. */
const speed = 5;

const plenty = 1_000_000;
const unlimited = {
  requestsPerMinute: 60,
  codesPerMinuteGlobal: plenty,
  upstreamPerSecond: plenty,
  upstreamPerHour: plenty,
};

/** Does each task, so many at a time; begins no further one after a failure, and raises that when nothing runs any more. */
async function inParallel<T, R>(tasks: readonly T[], work: (task: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  const entries = tasks.entries();
  const worker = async (): Promise<void> => {
    for (const [place, task] of entries) {
      if (failures.length > 0) return;
      try {
        results[place] = await work(task);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

describe('e2e: two proxies on a replica set whose primary is killed twice', function () {
  this.timeout(300_000);
  const set = mongoReplicaSet();
  let world: ProxyWorld;
  let front: TestServer;
  let client: WireClient;
  let stopClock: () => void;

  before(async () => {
    const mongodb = withDatabase(set().uri, 'dances');
    const settings = { limits: unlimited };
    world = await ProxyWorld.start({ store: { mongodb }, settings, enedis: { crowd: dances } });
    const listeners = [world.first, await world.addInstance()].map(({ proxy }) => nodeListener(proxy));
    let turn = 0;
    // A load balancer that knows nothing of sessions.
    front = await serve((message, reply) => listeners[turn++ % listeners.length]?.(message, reply));
    client = new WireClient(front.port);
    stopClock = runningClock(world.clock, speed);
  });
  after(async () => {
    stopClock();
    client.close();
    await front.close();
    await world.close();
  });

  /** Kills the primary whenever so many dances have ended. @returns how many had ended when it was gone */
  async function killPrimaries(ended: () => number, progress: EventEmitter, signal: AbortSignal): Promise<number[]> {
    const endedBefore: number[] = [];
    for (const count of killsAt) {
      while (ended() < count) await once(progress, 'ended', { signal });
      const member = await set().killPrimaryAhead(lead);
      endedBefore.push(ended());
      await set().restart(member);
    }
    return endedBefore;
  }

  /** A thousand dances, with what kills the primary beside them. */
  async function danceAll(all: readonly PatientDance[]): Promise<(readonly [PatientDance, HeldTokens])[]> {
    const progress = new EventEmitter();
    const over = new AbortController();
    let ended = 0;
    const dancing = inParallel(all, async (dance) => {
      // Now and then a device asks twice at once: only one of the two may be given tokens.
      const tokens = await dance.run(ended % 10 === 0 ? 2 : 1);
      ended++;
      progress.emit('ended');
      return [dance, tokens] as const;
    }).finally(() => {
      over.abort();
    });
    const killing = killPrimaries(() => ended, progress, over.signal);
    const [held, killed] = await Promise.allSettled([dancing, killing]);
    if (held.status === 'rejected') throw held.reason;
    assert.ok(killed.status === 'fulfilled', 'the dances were over before the primary was killed twice');
    for (const count of killed.value) assert.ok(count < dances - atATime, `${String(count)} had ended`);
    return held.value;
  }

  it('loses no consent that was granted and no token that was acknowledged, and hands out none twice', async () => {
    const floor = { client, publicUrl: world.settings.publicUrl, enedis: world.enedis, second: 1000 / speed };
    const all = Array.from({ length: dances }, (_, index) => {
      return new PatientDance(floor, `crowd-${String(index + 1)}`, world.newAddress());
    });
    const held = await danceAll(all);
    await inParallel(held, async ([dance, tokens]) => {
      const { status, json, text } = await dance.consents(tokens);
      assert.equal(status, 200, text);
      const [consent] = json['consents'] as { readonly active: boolean }[];
      assert.equal(consent?.active, true, text);
      assert.equal((await dance.poll()).json['error'], 'invalid_grant');
      heldTokens(await dance.refresh(tokens));
    });
  });
});
