import { Problem, root, run } from '../prepare.mjs';
import { releaseFacts } from './facts.mjs';
import { problemsOf } from './rules.mjs';

/**
 * Whether what is here can be released:
 *   node scripts/release/check.mjs [TAG]
 * The tag is that of the release, `v1.2.3`; without one it is not looked at.
 */
await run(() => {
  const facts = { ...releaseFacts(root, process.env), tag: process.argv[2] };
  const problems = problemsOf(facts);
  if (problems.length > 0)
    throw new Problem(`This cannot be released:\n${problems.map((each) => `- ${each}`).join('\n')}`);
  console.log(`${facts.manifest.name} ${facts.manifest.version} can be released.`);
});
