import assert from 'node:assert/strict';
import { goalScenes } from '../../bench/read/scenes.js';
import { largestDifference, measureHour } from '../../bench/read/traffic.js';

describe('an hour of readings by a timer', () => {
  for (const scene of goalScenes) {
    it(`takes at most a third of the plain client's requests and bytes: ${scene.name}, ${scene.interval} s`, async () => {
      const { 'this package, timer': own, 'plain, keep-alive': plain, ...others } = await measureHour(scene);
      const reconnecting = others['plain, connection per cycle'];
      assert.equal(own.cycles, plain.cycles);
      for (const other of [plain, reconnecting]) {
        assert.ok(own.requests <= other.requests / 3, `${own.requests} requests of ${other.requests}`);
        assert.ok(own.bytes <= other.bytes / 3, `${own.bytes} bytes of ${other.bytes}`);
        // Rounded sums may differ by one.
        assert.ok(largestDifference(own, other) <= 1, 'the power is not that of the moment');
      }
      assert.ok(own.handshakes <= plain.handshakes);
    });
  }
});
