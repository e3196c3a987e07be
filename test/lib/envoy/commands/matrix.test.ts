import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { commandNames, type CommandName, type CommandWarningCode } from '../../../../lib/envoy/commands/types.js';
import { AuthenticationError } from '../../../../lib/errors.js';
import type { GatewayState, GatewaySwitches } from '../../../../simulator/index.js';
import { acBatterySerials, scenes, valueAt, type Scene } from './scenes.js';
import { errorOf, everything, startBench, type Bench } from './support.js';

const time = Date.UTC(2026, 5, 1, 10);

/** The second AC Battery is sent to sleep by `prepare`, and woken. */
const wake: Scene = {
  command: 'acBatteryWake',
  argument: async (bench) => (await acBatterySerials(bench)).slice(1),
  line: 'DELETE /admin/lib/acb_config',
  place: ['acBatteries', 'units', '*', 'sleepEnabled'],
  before: true,
  after: false,
};

const rows: readonly Scene[] = [...scenes, wake];

async function prepare(bench: Bench, { command }: Scene): Promise<void> {
  if (command !== 'acBatteryWake') return;
  const asleep = { asleep: true, minimum: 10, maximum: 20, since: time };
  const serials = await acBatterySerials(bench);
  bench.simulator.change({ sleep: Object.fromEntries(serials.slice(1).map((serial) => [serial, asleep])) });
}

/** What is told to a person who has a command carried out that the cloud may undo. */
const cloudWarnings: readonly CommandWarningCode[] = ['cloud_may_restore'];

/** Commands whose argument the gateway itself may find fault with. */
const argumentRefused = new Set<CommandName>(['acBatterySleep', 'acBatteryWake']);

const isTariff = ({ line }: Scene): boolean => line === 'PUT /admin/lib/tariff';

/** A gateway that answers a write with 200, and what comes of the command. */
interface Behaviour {
  readonly name: string;
  readonly switches: Partial<GatewaySwitches>;
  readonly confirmed: boolean;
  /** How often the state is looked at. */
  readonly looks: number;
  /** The commands that this can happen to; all where nothing is said. */
  readonly applies?: (scene: Scene) => boolean;
  /** What has to have happened before anybody looks. */
  readonly isUndone?: (now: GatewayState, before: GatewayState) => boolean;
  /** What the state read back says about some commands. */
  readonly seen?: Readonly<Partial<Record<CommandName, CommandWarningCode>>>;
}

/** Whether the cloud put its own storage settings back. */
function isRestored({ tariff }: GatewayState): boolean {
  const settings = valueAt(tariff, ['tariff', 'storage_settings']) as Record<string, unknown>;
  return settings['mode'] === 'self-consumption' && settings['reserved_soc'] === 20 && !settings['charge_from_grid'];
}

const behaviours: readonly Behaviour[] = [
  { name: 'accepts', switches: {}, confirmed: true, looks: 1 },
  {
    name: 'ignores',
    switches: { ignoreWrites: true },
    confirmed: false,
    looks: 3,
    seen: { chargeFromGenerator: 'gateway_may_restore' },
  },
  {
    name: 'accepts and reverts',
    switches: { revertWritesAfter: 5 },
    isUndone: isDeepStrictEqual,
    confirmed: false,
    looks: 3,
    seen: { chargeFromGenerator: 'gateway_may_restore' },
  },
  {
    name: 'accepts what the cloud restores',
    switches: { cloudRestoresAfter: 5 },
    applies: isTariff,
    isUndone: isRestored,
    confirmed: false,
    looks: 3,
    // The cloud runs its own schedules, under which a mode has no effect.
    seen: { storageMode: 'optimized_schedules' },
  },
  {
    name: 'accepts what is none of the restoring cloud',
    switches: { cloudRestoresAfter: 0 },
    applies: (scene) => !isTariff(scene),
    confirmed: true,
    looks: 1,
  },
];

const refusals: readonly (readonly [status: number, code: string])[] = [
  [401, 'role_insufficient'],
  [403, 'role_insufficient'],
  [400, 'http_status'],
  [500, 'gateway_busy'],
];

describe('every command against every gateway', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await startBench({ ...everything, clock: () => time });
    bench.simulator.switches.relayDelay = 0;
  });

  afterEach(() => bench.close());

  /** What the gateway was asked that is no reading, by its own log. */
  const written = (): string[] =>
    bench.simulator.log.requests
      .filter(({ method }) => method !== 'GET')
      .map(({ method, path }) => `${method} ${path}`);

  /** How often something was read after the command had been sent. */
  const looks = (): number =>
    bench.requests.slice(bench.requests.findIndex(({ method }) => method !== undefined) + 1).length;

  it('has a row for each command', () => {
    assert.deepEqual(new Set(rows.map(({ command }) => command)), new Set(commandNames));
  });

  for (const scene of rows) {
    describe(scene.command, () => {
      for (const behaviour of behaviours.filter(({ applies }) => applies?.(scene) ?? true)) {
        const outcome = behaviour.confirmed ? 'is confirmed' : 'is not confirmed';
        it(`${outcome} by a gateway that ${behaviour.name}`, async () => {
          await prepare(bench, scene);
          const argument = await scene.argument(bench);
          const state = bench.simulator.state;
          Object.assign(bench.simulator.switches, behaviour.switches);
          bench.before = async ({ method }) => {
            const isLook = method === undefined && bench.sent.length > 0;
            while (isLook && behaviour.isUndone?.(bench.simulator.state, state) === false) await delay(1);
          };
          const result = await bench.perform(scene.command, argument);
          assert.equal(result.command, scene.command);
          assert.equal(result.confirmed, behaviour.confirmed);
          assert.equal(valueAt(result.state, scene.place), behaviour.confirmed ? scene.after : scene.before);
          const seen = behaviour.seen?.[scene.command];
          assert.deepEqual(
            result.warnings.map(({ code }) => code),
            [...(seen ? [seen] : []), ...(isTariff(scene) ? cloudWarnings : [])],
          );
          assert.deepEqual(written(), [scene.line]);
          assert.deepEqual(
            bench.simulator.writes.map(({ status }) => status),
            [200],
          );
          assert.equal(looks(), behaviour.looks);
          assert.deepEqual(bench.simulator.crashes, []);
        });
      }

      for (const [status, code] of refusals) {
        it(`fails at a gateway that answers ${status}, and is not sent again`, async () => {
          await prepare(bench, scene);
          const argument = await scene.argument(bench);
          const state = bench.simulator.state;
          const [method = '', path = ''] = scene.line.split(' ');
          bench.simulator.faults.add({ kind: 'status', status }, { method, path });
          const error = await errorOf(bench.perform(scene.command, argument));
          assert.equal(error.code, status === 400 && argumentRefused.has(scene.command) ? 'invalid_argument' : code);
          assert.equal(error instanceof AuthenticationError, code === 'role_insufficient');
          assert.deepEqual(written(), [scene.line]);
          assert.equal(looks(), 0, 'a refusal needs no look at the state');
          assert.deepEqual(bench.simulator.state, state);
        });
      }
    });
  }
});
