import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function git(root, ...given) {
  return execFileSync('git', given, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trimEnd();
}

function origin(root) {
  try {
    return git(root, 'remote', 'get-url', 'origin');
  } catch {
    return undefined;
  }
}

function json(root, file) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'));
}

/**
 * What a release depends on, from the repository at `root` and the environment of the workflow.
 * @throws Error where `root` is no repository with a package in it
 */
export function releaseFacts(root, environment) {
  const changelog = join(root, 'CHANGELOG.md');
  const { GITHUB_REPOSITORY: repository } = environment;
  return {
    manifest: json(root, 'package.json'),
    lock: json(root, 'package-lock.json'),
    changelog: existsSync(changelog) ? readFileSync(changelog, 'utf8') : '',
    uncommitted: git(root, 'status', '--porcelain').split('\n').filter(Boolean),
    remote: repository ? `https://github.com/${repository}` : origin(root),
  };
}
