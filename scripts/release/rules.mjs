import semver from 'semver';
import { released } from './changelog.mjs';

/** `owner/name` of an address of a repository at GitHub, however it is written. */
function repositoryName(url = '') {
  return /github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/i.exec(url)?.[1].toLowerCase();
}

function ofVersion({ manifest: { version }, lock, tag }) {
  const problems = [];
  if (semver.valid(version) !== version) problems.push(`The version of package.json, "${version}", is none of semver.`);
  if (semver.prerelease(version)) {
    problems.push(`${version} is a pre-release: the workflow publishes what everybody gets, and no pre-releases.`);
  }
  if (tag !== undefined && tag !== `v${version}`) {
    problems.push(`The tag is ${tag}, but the version of package.json is ${version}: they must be the same.`);
  }
  if (lock.version !== version || lock.packages?.['']?.version !== version) {
    problems.push(`package-lock.json has another version than package.json, ${version}: run npm install.`);
  }
  return problems;
}

function ofChangelog({ manifest: { version }, changelog }) {
  const sections = released(changelog);
  const section = sections.find((each) => each.version === version);
  if (!section) return [`CHANGELOG.md has no section "## [${version}] - <date>": make it from "## [Unreleased]".`];
  const problems = [];
  if (!section.date)
    problems.push(`The section of ${version} in CHANGELOG.md has no date (## [${version}] - 2026-01-31).`);
  if (!section.hasEntries) problems.push(`The section of ${version} in CHANGELOG.md has no entries.`);
  const newer = sections.find((each) => semver.valid(each.version) && semver.gt(each.version, version));
  if (newer) problems.push(`CHANGELOG.md has a section of ${newer.version} already, which is newer than ${version}.`);
  return problems;
}

function ofManifest({ manifest, remote }) {
  const problems = [];
  if (manifest.private) problems.push('package.json says "private": npm would not publish it.');
  const named = repositoryName(manifest.repository?.url ?? manifest.repository);
  if (!named) problems.push('"repository" of package.json names no repository at GitHub: provenance needs it.');
  else if (!remote) problems.push('There is no remote "origin" to compare "repository" of package.json with.');
  else if (repositoryName(remote) !== named) {
    problems.push(`"repository" of package.json is ${named}, but this is ${repositoryName(remote) ?? 'another one'}.`);
  }
  return problems;
}

function ofTree({ uncommitted }) {
  if (uncommitted.length === 0) return [];
  return [`There are changes that are not committed:\n${uncommitted.map((line) => `    ${line}`).join('\n')}`];
}

/**
 * What stands against a release, as sentences; nothing where it may go on.
 * @param facts those of `releaseFacts`, with the `tag` where there is one already
 */
export function problemsOf(facts) {
  return [...ofVersion(facts), ...ofChangelog(facts), ...ofManifest(facts), ...ofTree(facts)];
}
