import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { variables } from '../lib/proxy/settings/environment.js';

const folder = join(import.meta.dirname, '..', 'docker');
const text = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('the container files', () => {
  it('the Dockerfile is valid and ends as an ordinary user', () => {
    const dockerfile = text('Dockerfile');
    const settings = { deprecatedMaintainer: ValidationSeverity.ERROR, instructionCasing: ValidationSeverity.ERROR };
    assert.deepEqual(validate(dockerfile, settings), []);
    assert.equal(dockerfile.match(/^USER .*$/gm)?.at(-1), 'USER node');
  });

  it('the compose file passes the linter', () => {
    const linter = join(import.meta.dirname, '..', 'node_modules/dclint/bin/dclint.cjs');
    // Written in the order in which a reader needs it, not by the alphabet.
    const order = ['services-alphabetical-order', 'service-keys-order'].flatMap((rule) => ['--disable-rule', rule]);
    const { status, stdout } = spawnSync(process.execPath, [linter, folder, '--max-warnings', '0', ...order], {
      encoding: 'utf8',
    });
    assert.equal(status, 0, stdout);
  });

  it('has three proxies, and names only variables that the proxy knows', () => {
    const compose = text('compose.yaml');
    assert.match(compose, /replicas: 3/);
    const known = new Set(['PUBLIC_HOST', ...Object.values(variables).flat()]);
    const named = [...compose.matchAll(/^ {6}([A-Z_]+):/gm), ...text('.env.example').matchAll(/^([A-Z_]+)=/gm)];
    assert.ok(named.length > 8);
    assert.deepEqual(
      named.map(([, name]) => name).filter((name) => !known.has(name ?? '')),
      [],
    );
    assert.ok(existsSync(join(folder, 'Caddyfile')));
  });
});
