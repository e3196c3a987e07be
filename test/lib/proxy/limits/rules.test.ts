import assert from 'node:assert/strict';
import {
  autorisationRules,
  dataDayRules,
  dataRules,
  newCodeRules,
  newCodeRulesGlobal,
  refreshRules,
  upstreamRules,
  wrongCodeRules,
  wrongCodeRulesGlobal,
} from '../../../../lib/proxy/limits/rules.js';
import { usualLimits } from '../../../../lib/proxy/settings/defaults.js';

const said = (rules: readonly { limit: number; window: number }[]) =>
  rules.map(({ limit, window }) => `${limit} in ${window / 1000} s`);

describe('the usual limits', () => {
  it('are those of the specification', () => {
    assert.deepEqual(said(newCodeRules(usualLimits)), ['10 in 60 s', '60 in 3600 s']);
    assert.deepEqual(said(wrongCodeRules(usualLimits)), ['10 in 600 s']);
    assert.deepEqual(said(wrongCodeRulesGlobal(usualLimits)), ['120 in 60 s']);
    assert.deepEqual(said(refreshRules(usualLimits)), ['12 in 60 s']);
    assert.deepEqual(said(dataRules(usualLimits)), ['12 in 60 s']);
    assert.deepEqual(said(autorisationRules(usualLimits)), ['10 in 3600 s']);
    assert.deepEqual(said(upstreamRules(usualLimits, 'mesure')), ['5 in 1 s', '1000 in 3600 s']);
  });

  it('do not share their counts', () => {
    const rules = [
      newCodeRules,
      newCodeRulesGlobal,
      wrongCodeRules,
      wrongCodeRulesGlobal,
      refreshRules,
      dataRules,
      dataDayRules,
      autorisationRules,
    ].flatMap((of) => of(usualLimits));
    const all = [...rules, ...upstreamRules(usualLimits, 'one'), ...upstreamRules(usualLimits, 'two')];
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  });
});
