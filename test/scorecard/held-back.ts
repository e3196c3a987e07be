/** A dependency whose newest major version we do not take, which makes rule D03 red. */
interface HeldBack {
  readonly name: string;
  /** As in package.json. */
  readonly range: string;
  /** The version that the range leaves out, and the Node that it asks for. */
  readonly newer: string;
  readonly node: string;
  /** One sentence, as in docs/scorecard.md. */
  readonly reason: string;
}

/** All of them. What stands here stands in docs/scorecard.md too. */
export const heldBack: readonly HeldBack[] = [
  {
    name: 'undici',
    range: '^7.30.2',
    newer: '8.12.4',
    node: '>=22.19.0',
    reason: 'Version 8 cannot be installed on Node 20, nor on Node 22 before 22.19, on which Node-RED 4.1 and 5.0 run.',
  },
];
