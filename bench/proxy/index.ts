import { availableParallelism } from 'node:os';
import { startMongo } from '../../test/support/mongodb.js';
import { measureData } from './data.js';
import { measurePolls, type PollPlan } from './polls.js';
import { measureProgram } from './program.js';
import { dataReport, pollReport, programReport } from './report.js';

const rounds = { warmUp: 3, counted: 11, milliseconds: 1_000 };
/** A second, in which so many devices wait: each asks every 5 s. */
const [rate, waiting] = [500, 2_500];
const sizes = [1_000, 100_000, 1_000_000];
const polls: Omit<PollPlan, 'mongodb'> = { ...rounds, connections: 32, rate, waiting, sizes };
const calls = { ...rounds, milliseconds: 500, connections: 1, rate: 20 };
const starts = 5;

const introduction = `
What a poll of a pending device code costs (POST /device/token), wired as in the program: figures, limits and all. Each
proxy, the load (undici, ${polls.connections} connections) and the baseline is a process of its own, and MongoDB one more, all on the
${availableParallelism()} cores of this machine: they take from each other. Baseline: node:http that answers GET with one findOne by _id on the
same MongoDB and does nothing else, not even read a body. All take turns in the same run. Polls a second are medians of
the rounds, and so are their ratios, round by round; p99 is that of the quieter rounds, the lower quartile.
A clock that runs fast keeps every poll within its interval. Where more codes are pending than ${waiting}, first so many of
them are polled, the rest being those of devices that gave up or poll other instances; then all of them in turn: no
device polls that seldom, and none is remembered (see "reads": the proxy has to read what it would otherwise know).
First as many polls as it manages, then, "even", ${rate} a second for everybody: what ${waiting} devices ask that wait.
Goals: polls/s at least 0.5 of the baseline; p99 with any number of codes at most 1.3 times that with the fewest.
`;

console.log(introduction);
const mongodb = await startMongo();
try {
  console.log(pollReport(await measurePolls({ ...polls, mongodb: mongodb.uri }, console.log)));
} finally {
  await mongodb.stop();
}
console.log(`\n${dataReport(await measureData(calls))}`);
console.log(programReport(await measureProgram(starts)));
