import assert from 'node:assert/strict';
import {
  compare,
  heldMisses,
  patience,
  untried,
  updateAgreement,
  type Agreement,
  type Comparison,
} from '../../../../lib/envoy/gentle/agreement.js';
import type { Flow, Measured } from '../../../../lib/envoy/gentle/quantities.js';

const measured = (
  watts: number,
  wattHours: number,
  at = 1_750_000_000,
  phases: Record<string, Flow> = {},
): Measured => ({ watts, wattHours, at, phases });
const production = { sameCounter: true } as const;
const consumption = { sameCounter: false } as const;

describe('a cheap endpoint held against the production report', () => {
  it('agrees on production where power and counter are the same', () => {
    const comparison = compare(measured(2885, 11_567_954), measured(2892, 11_567_955), production);
    assert.deepEqual(comparison, { kind: 'agrees', offsets: { whole: 0 } });
  });

  it('takes what was produced between the two replies into account', () => {
    const report = measured(3600, 1_000_000, 1_750_000_000);
    // 3600 W are 1 Wh a second.
    assert.equal(compare(report, measured(3600, 1_000_020, 1_750_000_020), production).kind, 'agrees');
    assert.equal(compare(report, measured(3600, 1_000_000, 1_750_000_020), production).kind, 'differs');
    assert.equal(compare(report, measured(3600, 1_000_020, 1_750_000_000), production).kind, 'differs');
  });

  it('does not take the draw of inverters at night off what was delivered', () => {
    const night = measured(-3000, 1_000_000, 1_750_000_030);
    assert.equal(compare(night, measured(-3000, 1_000_000, 1_750_000_000), production).kind, 'agrees');
  });

  it('says by how much the counters are apart', () => {
    const comparison = compare(measured(500, 1_000_000), measured(500, 1_004_000), production);
    assert.ok(comparison.kind === 'differs');
    assert.match(comparison.reason, /lifetime \(whole\) off by -4000 Wh/);
  });

  it('refuses values of another time, however equal they are', () => {
    const stale = measured(500, 1_000_000, 1_750_000_000 - 300);
    const comparison = compare(measured(500, 1_000_000), stale, production);
    assert.deepEqual(comparison, { kind: 'differs', reason: 'measured 300 s apart' });
  });

  it('tells a changed power from a wrong one by the energy, which fits', () => {
    const comparison = compare(measured(3300, 1_000_000), measured(300, 1_000_000), production);
    assert.ok(comparison.kind === 'changed');
    assert.match(comparison.reason, /power \(whole\) off by 3000 W/);
  });

  it('wants every phase of the report', () => {
    const phases = { L1: { watts: 100, wattHours: 500 }, L2: { watts: 100, wattHours: 500 } };
    const report = measured(200, 1000, 1_750_000_000, phases);
    assert.equal(compare(report, measured(200, 1000, 1_750_000_000, phases), production).kind, 'agrees');
    const lacking = measured(200, 1000, 1_750_000_000, { L1: phases.L1 });
    assert.deepEqual(compare(report, lacking, production), { kind: 'differs', reason: 'no phase L2' });
    const swapped = measured(200, 1000, 1_750_000_000, { L1: phases.L1, L2: { watts: 100, wattHours: 900 } });
    assert.equal(compare(report, swapped, production).kind, 'differs');
  });

  it('lets consumption count from another beginning, which then has to stay', () => {
    const first = compare(measured(500, 15_727_231), measured(500, 15_726_343), consumption);
    assert.deepEqual(first, { kind: 'agrees', offsets: { whole: 888 } });
    const rule = { ...consumption, offsets: { whole: 888 } };
    assert.equal(compare(measured(500, 15_727_531), measured(500, 15_726_643), rule).kind, 'agrees');
    assert.equal(compare(measured(500, 15_727_531), measured(500, 15_726_343), rule).kind, 'differs');
  });
});

describe('the agreement with a cheap endpoint', () => {
  const agrees: Comparison = { kind: 'agrees', offsets: { whole: 0 } };
  const differs: Comparison = { kind: 'differs', reason: 'lifetime' };
  const changed: Comparison = { kind: 'changed', reason: 'power' };
  const after = (...comparisons: Comparison[]): Agreement => comparisons.reduce(updateAgreement, untried);
  const times = (count: number, comparison: Comparison): Comparison[] => Array<Comparison>(count).fill(comparison);

  it('is shown by one comparison and lost by one whose energy contradicts', () => {
    assert.equal(after(agrees).verdict, 'agrees');
    assert.equal(after(agrees, differs).verdict, 'open');
    assert.equal(after(agrees, differs, agrees).verdict, 'agrees');
  });

  it('survives a kettle, but not a power that stays different', () => {
    assert.equal(after(agrees, ...times(heldMisses - 1, changed)).verdict, 'agrees');
    assert.equal(after(agrees, ...times(heldMisses, changed)).verdict, 'open');
    assert.equal(after(agrees, changed, agrees, changed, agrees, changed).verdict, 'agrees');
  });

  it('is given up after a row of contradictions, with the reason, for good', () => {
    assert.equal(after(...times(patience - 1, differs)).verdict, 'open');
    const given = after(...times(patience, differs));
    assert.deepEqual(given, { verdict: 'refuted', misses: patience, reason: 'lifetime' });
    assert.equal(updateAgreement(given, agrees).verdict, 'refuted');
  });

  it('is given up where the counters never stay together, though a first look at them always fits', () => {
    const drifting = Array.from({ length: patience }, () => [agrees, differs]).flat();
    assert.equal(after(...drifting).verdict, 'refuted');
  });
});
