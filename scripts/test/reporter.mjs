import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

const { EVENT_RUN_END, EVENT_TEST_PENDING } = mocha.Runner.constants;

/** Shows a dot a test and each failure in full, and leaves the counts in the file that TEST_COUNTS names. */
export default class CountingReporter extends mocha.reporters.Dot {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()));
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures } = this.stats;
      writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ passed: passes, failed: failures, skipped }));
    });
  }
}
