import assert from 'node:assert/strict';
import { programVariables } from '../../lib/program/settings.js';
import { createMetrics } from '../../lib/proxy/metrics.js';
import { recordKinds } from '../../lib/proxy/records/kinds.js';
import { usualLimits } from '../../lib/proxy/settings/defaults.js';
import { variables } from '../../lib/proxy/settings/environment.js';
import { named, rows, section, textOf } from './pages.js';

const page = textOf('docs/proxy.md');

/** The text between a heading of the second level and the next one. */
function part(heading: string): string {
  return section(page, `## ${heading}`);
}

describe('docs/proxy.md', () => {
  it('explains every variable of the proxy, once, and no other', () => {
    const known = [...Object.values(variables).map(([name]) => name), ...programVariables];
    assert.deepEqual(named(part('Settings')).sort(), known.sort());
  });

  it('mentions the further names of variables', () => {
    for (const [, ...others] of Object.values(variables)) for (const name of others) assert.ok(page.includes(name));
  });

  it('has the limits that hold by default', () => {
    const defaults = new Map(rows(part('Settings')).map(([name = '', usual]) => [name.replaceAll('`', ''), usual]));
    for (const [field, limit] of Object.entries(usualLimits)) {
      assert.equal(defaults.get(variables[field]?.[0] ?? ''), String(limit), field);
    }
  });

  it('names every figure', async () => {
    const { text } = await (await createMetrics()).read();
    const figures = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => `${name} ${type}`);
    assert.ok(figures.length > 5);
    const told = rows(part('Health, figures, log')).flatMap(([name = '', type = '']) =>
      name.startsWith('`') ? [`${name.replaceAll('`', '')} ${type}`] : [],
    );
    assert.deepEqual(told.sort(), figures.sort());
  });

  it('says of every kind of record what it holds and how long', () => {
    const kinds = recordKinds.map(({ name }) => name);
    assert.deepEqual(named(part('What is stored, and how long')).sort(), kinds.sort());
  });
});
