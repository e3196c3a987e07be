import { recordKinds } from '../../lib/proxy/records/kinds.js';
import { openEmbeddedStore } from '../../lib/store/records/embedded.js';
import { openMongoStore } from '../../lib/store/records/mongodb.js';
import { startEnedis } from '../../simulator/enedis/enedis.js';
import type { SimulatedEnedis } from '../../simulator/enedis/types.js';
import { proxyKeys, proxySettings } from '../../test/support/proxy-settings.js';
import { WireClient } from '../../test/support/proxy/exchange.js';
import { ProxyInstance } from '../../test/support/proxy/instance.js';
import { ProgramDance, publicUrl } from '../../test/support/proxy/program-dance.js';
import { countedStore, none, type CountedStore, type Operations } from './counting.js';

/** Where the records go. */
export type Place = { readonly directory: string } | { readonly mongodb: string };

/** What a proxy does for a meter, step by step. */
export const steps = [
  'issue a code',
  'enter it',
  'callback',
  'poll, pending',
  'redeem',
  'refresh',
  'data call',
] as const;
export type Step = (typeof steps)[number];

/** Operations of each step, by the name of the collection, added up. */
export type Counts = ReadonlyMap<Step, ReadonlyMap<string, Operations>>;

const many = 1_000_000;
/** With so many a minute the second poll may follow the first at once. */
const pollsAtOnce = 60;
const atOnce = 8;

/** A proxy and a simulated Enedis with a crowd of customers. */
export class Meters {
  readonly #now: () => number;
  readonly #enedis: SimulatedEnedis;
  readonly #counted: CountedStore;
  readonly #instance: ProxyInstance;
  readonly #client: WireClient;
  #next = 1;

  private constructor(now: () => number, enedis: SimulatedEnedis, counted: CountedStore, instance: ProxyInstance) {
    this.#now = now;
    this.#enedis = enedis;
    this.#counted = counted;
    this.#instance = instance;
    this.#client = new WireClient(instance.server.port);
  }

  /** With customers for so many meters. */
  static async open(place: Place, crowd: number): Promise<Meters> {
    // Time stands still, so that nothing expires meanwhile, neither here nor in the database.
    const start = Date.now();
    const now = (): number => start;
    const enedis = await startEnedis({ now, crowd, redirectUrl: `${publicUrl}/auth/redirect` });
    const { clientId, clientSecret } = enedis.application;
    const store =
      'directory' in place
        ? await openEmbeddedStore({ ...place, now })
        : await openMongoStore({ uri: place.mongodb, kinds: recordKinds });
    const counted = countedStore(store);
    const instance = await ProxyInstance.start({
      settings: proxySettings({
        publicUrl,
        clientId,
        clientSecret,
        publicClients: { [clientId]: 'Bench' },
        endpoints: enedis.endpoints,
        trustedProxies: ['127.0.0.1'],
        limits: {
          requestsPerMinute: pollsAtOnce,
          codesPerMinuteGlobal: many,
          upstreamPerSecond: many,
          upstreamPerHour: many,
        },
      }),
      store: counted.store,
      keys: proxyKeys,
      now,
    });
    return new Meters(now, enedis, counted, instance);
  }

  /** Leads one meter through everything, each step told when it is done. */
  async #lead(done: (step: Step) => void): Promise<void> {
    const number = this.#next++;
    const address = `10.${String(number >> 16)}.${String((number >> 8) & 255)}.${String(number & 255)}`;
    const headers = { 'x-forwarded-for': address };
    const choice = { customer: `crowd-${String(number)}`, headers, now: this.#now };
    const dance = new ProgramDance(this.#enedis, choice);
    const client = this.#client;
    await dance.begin(client);
    done('issue a code');
    await dance.poll(client);
    done('poll, pending');
    const authorizeUrl = await dance.enter(client);
    done('enter it');
    await dance.comeBack(await dance.agree(authorizeUrl));
    done('callback');
    const tokens = dance.tokens(await dance.poll(client));
    done('redeem');
    const { access, usagePoint } = dance.tokens(await dance.refresh(client, tokens.refresh));
    done('refresh');
    const answer = await dance.data(client, access, usagePoint);
    if (answer.status !== 200) throw new Error(answer.text);
    done('data call');
  }

  /** Leads so many meters through everything, one after another, and counts what it takes. */
  async count(meters: number): Promise<Counts> {
    const counts = new Map<Step, Map<string, Operations>>(steps.map((step) => [step, new Map<string, Operations>()]));
    for (let meter = 0; meter < meters; meter++) {
      this.#counted.taken();
      await this.#lead((step) => {
        for (const [name, taken] of this.#counted.taken()) add(counts.get(step), name, taken);
      });
    }
    return counts;
  }

  /** Leads so many meters through everything, several at a time. */
  async fill(meters: number): Promise<void> {
    const last = this.#next + meters;
    const worker = async (): Promise<void> => {
      while (this.#next < last) await this.#lead(() => undefined);
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  }

  /** Ends everything; the records stay. */
  async close(): Promise<void> {
    this.#client.close();
    await this.#instance.close();
    await this.#counted.store.close();
    await this.#enedis.close();
  }
}

function add(counts: Map<string, Operations> | undefined, name: string, taken: Operations): void {
  const sum = counts?.get(name) ?? none();
  sum.reads += taken.reads;
  sum.finds += taken.finds;
  sum.safe += taken.safe;
  sum.quick += taken.quick;
  counts?.set(name, sum);
}
