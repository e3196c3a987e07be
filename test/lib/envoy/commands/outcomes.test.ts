import assert from 'node:assert/strict';
import { AuthenticationError } from '../../../../lib/errors.js';
import type { Fault } from '../../../../simulator/index.js';
import { scenes, valueAt, type Scene } from './scenes.js';
import { errorOf, everything, startBench, type Bench } from './support.js';

/** Path without query, and method, of a scene's command. */
function scopeOf({ line }: Scene): { readonly method: string; readonly path: string } {
  const [method = '', path = ''] = line.split(' ');
  return { method, path };
}

const refusals: readonly (readonly [status: number, code: string])[] = [
  [400, 'http_status'],
  [401, 'role_insufficient'],
  [403, 'role_insufficient'],
  [500, 'gateway_busy'],
  [503, 'gateway_busy'],
];

/** Answers that get lost after the gateway did what it was told. */
const losses: readonly (readonly [string, Fault])[] = [
  ['cut off', { kind: 'resetMidway' }],
  ['half of the JSON', { kind: 'truncated' }],
  ['a page of HTML', { kind: 'edited', edit: () => '<html>Please sign in</html>' }],
];

describe('commands to a gateway', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await startBench({ ...everything, clock: () => time });
    bench.simulator.switches.relayDelay = 0;
  });

  afterEach(() => bench.close());

  const time = Date.UTC(2026, 5, 1, 10);

  for (const scene of scenes) {
    describe(scene.command, () => {
      const scope = scopeOf(scene);
      const perform = async () => bench.perform(scene.command, await scene.argument(bench));

      it('is confirmed by a gateway that does it', async () => {
        const result = await perform();
        assert.equal(result.confirmed, true);
        assert.equal(result.command, scene.command);
        assert.equal(valueAt(result.state, scene.place), scene.after);
        assert.equal(bench.sent.length, 1);
        assert.equal(`${bench.sent[0]?.method ?? ''} ${bench.sent[0]?.path ?? ''}`, scene.line);
        assert.deepEqual(bench.simulator.crashes, []);
      });

      for (const [status, code] of refusals) {
        it(`fails at a gateway that refuses with ${status}`, async () => {
          bench.simulator.faults.add({ kind: 'status', status }, scope);
          const error = await errorOf(perform());
          const isArgument = status === 400 && scene.command === 'acBatterySleep';
          assert.equal(error.code, isArgument ? 'invalid_argument' : code);
          assert.equal(error instanceof AuthenticationError, code === 'role_insufficient');
          assert.equal(bench.sent.length, 1);
        });
      }

      it('fails at a gateway that says so with the status 200', async () => {
        const edit = (): string => '{"err":"404 - Not Found"}';
        bench.simulator.faults.add({ kind: 'edited', edit }, scope);
        const error = await errorOf(perform());
        assert.equal(error.code, 'http_status');
        assert.equal(error.parameters.status, 404);
        assert.equal(bench.sent.length, 1);
      });

      it('is not confirmed by a gateway that ignores it', async () => {
        bench.simulator.switches.ignoreWrites = true;
        const result = await perform();
        assert.equal(result.confirmed, false);
        assert.equal(valueAt(result.state, scene.place), scene.before);
        assert.equal(bench.sent.length, 1);
      });

      it('is not confirmed where the change is undone before anybody looks', async () => {
        const before = bench.simulator.state;
        bench.before = (request) => {
          if (request.method === undefined && bench.sent.length > 0) bench.simulator.change(before);
        };
        const result = await perform();
        assert.equal(result.confirmed, false);
        assert.equal(valueAt(result.state, scene.place), scene.before);
        assert.equal(bench.sent.length, 1);
      });

      for (const [name, loss] of losses) {
        it(`is judged by the state where the answer is lost (${name})`, async () => {
          bench.simulator.faults.add(loss, { ...scope, times: 1 });
          const result = await perform();
          assert.equal(result.confirmed, true);
          assert.equal(valueAt(result.state, scene.place), scene.after);
          assert.ok(result.warnings.some(({ code }) => code === 'answer_lost'));
          assert.equal(bench.sent.length, 1);
        });
      }

      it('is not confirmed where it got lost itself, and not sent again', async () => {
        bench.simulator.faults.add({ kind: 'reset' }, { ...scope, times: 1 });
        const result = await perform();
        assert.equal(result.confirmed, false);
        assert.equal(valueAt(result.state, scene.place), scene.before);
        assert.ok(result.warnings.some(({ code }) => code === 'answer_lost'));
        assert.equal(bench.sent.length, 1);
        assert.deepEqual(bench.simulator.writes, []);
      });

      it('fails where neither the answer nor the state is to be had', async () => {
        bench.before = () => {
          if (bench.sent.length > 0) bench.simulator.faults.add({ kind: 'reset' });
        };
        bench.simulator.faults.add({ kind: 'resetMidway' }, scope);
        const error = await errorOf(perform());
        assert.equal(error.code, 'reply_incomplete');
        assert.match(error.message, /Whether the command was carried out is not known/);
        assert.equal(bench.sent.length, 1);
      });

      it('says that the state is unknown where it was done and cannot be read back', async () => {
        bench.before = () => {
          if (bench.sent.length > 0) bench.simulator.faults.add({ kind: 'status', status: 503 });
        };
        const result = await perform();
        assert.equal(result.confirmed, false);
        assert.deepEqual(result.state, {});
        assert.ok(result.warnings.some(({ code }) => code === 'state_unknown'));
        assert.equal(bench.sent.length, 1);
      });
    });
  }
});
