import assert from 'node:assert/strict';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const { scripts, engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
  engines: { node: string };
};

/** The commands of npm itself that workflows may use; others have to be scripts of package.json. */
const ofNpm = new Set(['ci', 'pack', 'publish', 'test']);

/** Why a command cannot run; undefined where it can. */
function obstacle(command: string): string | undefined {
  const [program = '', ...rest] = command.split(/\s+/);
  if (program === 'npm') {
    const script = rest[0] === 'run' ? rest[1] : rest[0] === 'test' ? 'test' : undefined;
    if (script !== undefined) return script in scripts ? undefined : `no script ${script}`;
    return ofNpm.has(rest[0] ?? '') ? undefined : `npm has no ${rest[0] ?? 'name'} here`;
  }
  const file = program === 'node' ? (rest[0] ?? '') : program;
  if (!existsSync(join(root, file))) return `no file ${file}`;
  if (program !== 'node') accessSync(join(root, file), constants.X_OK);
  return undefined;
}

describe('the workflows', () => {
  const workflows = new Map<string, Workflow>();
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const stepsOf = ({ jobs }: Workflow): Step[] => Object.values(jobs).flatMap(({ steps }) => steps);
  const job = (file: string, name: string): Job => {
    const found = workflows.get(file)?.jobs[name];
    assert.ok(found, `${file} has no job ${name}`);
    return found;
  };
  const runsOf = ({ steps }: Job): string[] => steps.flatMap(({ run }) => run ?? []);
  const usesOf = ({ steps }: Job): string[] => steps.flatMap(({ uses }) => uses?.split('@')[0] ?? []);

  before(() => {
    for (const name of readdirSync(folder)) {
      workflows.set(name, parse(text(name), { strict: true, uniqueKeys: true }) as Workflow);
    }
    assert.deepEqual([...workflows.keys()].sort(), ['ci.yml', 'release.yml']);
  });

  it('run only what there is', () => {
    for (const [name, workflow] of workflows) {
      const commands = stepsOf(workflow).flatMap(({ run = '' }) => run.split('\n').filter(Boolean));
      assert.ok(commands.length > 0, name);
      const obstacles = commands.map((command) => [command, obstacle(command)]).filter(([, reason]) => reason);
      assert.deepEqual(obstacles, [], name);
    }
  });

  it('use actions of GitHub itself, each of a major version or a commit', () => {
    for (const workflow of workflows.values()) {
      for (const { uses } of stepsOf(workflow)) if (uses) assert.match(uses, /^actions\/[a-z-]+@(v\d+|[0-9a-f]{40})$/);
    }
  });

  it('may do nothing but read, and only the job that publishes may say who it is', () => {
    for (const [file, workflow] of workflows) {
      assert.ok(workflow.permissions, `${file} takes the permissions of the repository`);
      for (const [name, { permissions: own }] of Object.entries(workflow.jobs)) {
        const permissions: Job['permissions'] = own ?? workflow.permissions;
        const wanted = name === 'publish' ? { 'id-token': 'write' } : { contents: 'read' };
        assert.deepEqual(permissions, wanted, `${file}: ${name}`);
      }
      assert.equal('pull_request_target' in workflow.on, false, file);
      assert.doesNotMatch(text(file), /secrets\./, file);
    }
  });

  it('leave no credentials in the clone, end by themselves, and put nothing of a stranger into a command', () => {
    for (const [file, workflow] of workflows) {
      for (const each of Object.values(workflow.jobs)) assert.ok(each['timeout-minutes'], file);
      for (const { uses, run, with: options } of stepsOf(workflow)) {
        if (uses?.startsWith('actions/checkout@')) assert.equal(options?.['persist-credentials'], false, file);
        assert.doesNotMatch(run ?? '', /\$\{\{/, file);
      }
    }
  });

  it('test pushes and pull requests on the oldest Node that is supported', () => {
    const oldest = /\d+/.exec(engines.node)?.[0];
    const { steps } = job('ci.yml', 'test');
    assert.equal(
      String(steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'))?.with?.['node-version']),
      oldest,
    );
    assert.deepEqual(runsOf({ steps }), ['.ci/run']);
    assert.deepEqual(Object.keys(workflows.get('ci.yml')?.on ?? {}).sort(), ['pull_request', 'push']);
  });

  it('publish, on a tag, the package that was checked, tested and packed, with provenance', () => {
    assert.deepEqual(workflows.get('release.yml')?.on, { push: { tags: ['v*'] } });
    const pack = job('release.yml', 'pack');
    assert.deepEqual(runsOf(pack), [
      'npm ci',
      'node scripts/release/check.mjs "$GITHUB_REF_NAME"',
      '.ci/run',
      'npm pack',
    ]);
    const publish = job('release.yml', 'publish');
    assert.equal(publish.needs, 'pack');
    assert.deepEqual(usesOf(publish), ['actions/setup-node', 'actions/download-artifact']);
    const [command = '', ...others] = runsOf(publish);
    assert.deepEqual(others, []);
    for (const option of ['--provenance', '--access public', '--ignore-scripts'])
      assert.ok(command.includes(option), option);
    const sent = pack.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))?.with;
    const taken = publish.steps.find(({ uses }) => uses?.startsWith('actions/download-artifact@'))?.with;
    assert.equal(sent?.['name'], taken?.['name']);
    assert.equal(sent?.['if-no-files-found'], 'error');
  });
});
