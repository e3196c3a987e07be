import assert from 'node:assert/strict';
import fc from 'fast-check';
import { framed, longestLine, noFraming, type Framing } from '../../../../lib/envoy/live/framing.js';

function takeUp(chunks: readonly Uint8Array[]): { messages: unknown[]; skipped: number; framing: Framing } {
  let framing = noFraming;
  let skipped = 0;
  const messages: unknown[] = [];
  for (const chunk of chunks) {
    const step = framed(framing, chunk);
    framing = step.framing;
    skipped += step.skipped;
    messages.push(...step.messages);
  }
  return { messages, skipped, framing };
}

function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

const linesOf = (...lines: string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''));

describe('the lines of /stream/meter', () => {
  it('give the same messages wherever the chunks are cut', () => {
    const place = fc.nat(100_000);
    const good = fc.jsonValue().map((message) => ({ line: `data: ${JSON.stringify(message)}`, message }));
    const quiet = fc
      .constantFrom('', ': comment', 'event: meter', 'id: 7', 'retry: 100', '\r')
      .map((line) => ({ line }));
    const bad = fc.constantFrom('data: {"a":', 'data:', 'nothing', '\u0000é', '{"production":{}}');
    const garbage = bad.map((line) => ({ line, garbage: true }));
    const ends = fc.constantFrom('\n', '\r\n', '\n\n');
    fc.assert(
      fc.property(
        fc.array(fc.oneof(good, quiet, garbage)),
        fc.array(place, { maxLength: 60 }),
        ends,
        (lines, places, end) => {
          const bytes = Buffer.from(lines.map(({ line }) => line + end).join(''));
          const { messages, skipped, framing } = takeUp(cutAt(bytes, places));
          const expected = lines.filter((each) => 'message' in each).map((each) => each.message);
          assert.equal(JSON.stringify(messages), JSON.stringify(expected));
          assert.equal(skipped, lines.filter((each) => 'garbage' in each).length);
          assert.equal(framing.rest.length, 0);
        },
      ),
    );
  });

  it('wait for the end of a line', () => {
    const half = framed(noFraming, Buffer.from('data: {"a"'));
    assert.deepEqual([half.messages, half.skipped], [[], 0]);
    assert.deepEqual(framed(half.framing, Buffer.from(':1}\ndata: ')).messages, [{ a: 1 }]);
  });

  it('are dropped where they are too long, and what follows is read', () => {
    const long = Buffer.from(`data: "${'x'.repeat(longestLine)}`);
    const chunks = [long, long, Buffer.from('"\n'), linesOf('data: 1')];
    const { messages, skipped, framing } = takeUp(chunks);
    assert.deepEqual([messages, skipped, framing.rest.length], [[1], 1, 0]);
    assert.deepEqual(takeUp([Buffer.concat(chunks)]).messages, [1]);
  });

  it('never take more room than one line may have', () => {
    let { framing } = framed(noFraming, Buffer.alloc(0));
    for (let count = 0; count < 100; count++) {
      framing = framed(framing, Buffer.alloc(5000, 'x')).framing;
      assert.ok(framing.rest.length <= longestLine);
    }
  });

  it('are the chunk owner’s no more once they are taken up', () => {
    const chunk = Buffer.from('data: 1');
    const { framing } = framed(noFraming, chunk);
    chunk.fill('x');
    assert.deepEqual(framed(framing, Buffer.from('2\n')).messages, [12]);
  });
});
