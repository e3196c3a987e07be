import { isIPv4 } from 'node:net';
import { wait } from '../../async/retry.js';
import { EnergyError } from '../../errors.js';
import { invalidArgument } from '../../explanations.js';
import { localInterfaces, openChannels, type Channel } from './channels.js';
import type { FoundGateway } from './found-gateway.js';
import { identifyFound, type Identify } from './identify-found.js';
import { interpretRecords, missingQuestions, type DiscoveryQuestion } from './interpret.js';
import { addPacket, gatewayService, noRecords, type KnownRecords } from './records.js';

/** What a search may be told. */
export interface DiscoveryOptions {
  /** Milliseconds that answers are waited for; 3000 unless given. */
  readonly timeout?: number;
  /** Ends the search. */
  readonly signal?: AbortSignal;
  /** IPv4 addresses of this machine, one for each network to search; all of its networks unless given. */
  readonly interfaces?: readonly string[];
  /** UDP port of the responders; 5353 unless given. */
  readonly port?: number;
  /** Whether a gateway may be on this machine itself, as a simulated one is; false unless given. */
  readonly loopback?: boolean;
  /** Asks a host for its firmware; without it no host is asked, only the network. */
  readonly identify?: Identify;
  /** Milliseconds for asking one host; 4000 unless given. */
  readonly identifyTimeout?: number;
}

/** Milliseconds between two looks at what is missing. */
const beat = 100;
/** Milliseconds that the rest of an announcement may take to arrive by itself. */
const grace = 150;
/** Milliseconds until the same question is asked again (RFC 6762, 5.2). */
const repeatAfter = 1000;
const askedAtMost = 2;
/** Questions in one query: with the longest names they stay under the 9000 bytes of RFC 6762, 17. */
const questionsAtMost = 32;
/** Milliseconds for asking all hosts found. */
const identifyAll = 15_000;

const networkAbsent = new Set(['ENETUNREACH', 'ENETDOWN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENODEV', 'EADDRNOTAVAIL']);

/** When a question is due next, and how often it was asked. */
interface Asked {
  readonly due: number;
  readonly times: number;
}

/** What was asked so far, by type and name. */
export type AskedQuestions = ReadonlyMap<string, Asked>;

/**
 * The questions to ask at the moment `now` (ms), with what is asked by then: the service itself at once, missing parts
 * of an announcement after a moment of grace, each of them once more a second later.
 */
export function dueQuestions(
  known: KnownRecords,
  asked: AskedQuestions,
  now: number,
): { readonly questions: DiscoveryQuestion[]; readonly asked: AskedQuestions } {
  const service: DiscoveryQuestion = { name: gatewayService, type: 'PTR' };
  const next = new Map(asked);
  const questions: DiscoveryQuestion[] = [];
  for (const question of [service, ...missingQuestions(known)]) {
    const key = `${question.type} ${question.name}`;
    const { due, times } = next.get(key) ?? { due: question === service ? now : now + grace, times: 0 };
    const ask = now >= due && times < askedAtMost && questions.length < questionsAtMost;
    if (ask) questions.push(question);
    next.set(key, ask ? { due: now + repeatAfter, times: times + 1 } : { due, times });
  }
  return { questions, asked: next };
}

function check({ timeout, interfaces, port }: Required<Pick<DiscoveryOptions, 'timeout' | 'interfaces' | 'port'>>) {
  if (!(timeout >= 0 && timeout <= 60_000)) {
    const broken = { rule: 'searchTime', minimum: 0, maximum: 60_000 } as const;
    throw invalidArgument('timeout', broken, 'A search lasts between 0 and 60000 ms.');
  }
  if (!interfaces.every((address) => isIPv4(address))) {
    const message = 'The networks to search are named by IPv4 addresses of this machine.';
    throw invalidArgument('interfaces', { rule: 'searchNetworks' }, message);
  }
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw invalidArgument('port', { rule: 'searchPort', minimum: 1, maximum: 65535 }, 'The port is no UDP port.');
  }
}

function throwIfEnded(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new EnergyError('closed', 'The search for gateways was ended.', { cause: signal.reason });
}

/** `undefined` where the error only says that there is no network. */
function searchFailure(error: unknown): EnergyError | undefined {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  if (networkAbsent.has(code)) return undefined;
  return new EnergyError('internal', `The network cannot be searched for gateways (${code}).`, { cause: error });
}

/** @throws EnergyError `internal` where no channel could send for another reason than an absent network */
async function askAll(channels: readonly Channel[], questions: readonly DiscoveryQuestion[]): Promise<void> {
  const results = await Promise.allSettled(channels.map((channel) => channel.ask(questions)));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [searchFailure(result.reason)] : []));
  const worst = failures.find((failure) => failure !== undefined);
  if (worst && failures.length === channels.length) throw worst;
}

async function askUntil(ends: number, channels: readonly Channel[], known: KnownRecords, signal: AbortSignal) {
  let asked: AskedQuestions = new Map();
  for (;;) {
    const now = performance.now();
    const round = dueQuestions(known, asked, now);
    asked = round.asked;
    if (round.questions.length > 0) await askAll(channels, round.questions);
    const left = ends - performance.now();
    if (left <= 0) return;
    await wait(Math.min(beat, left), signal);
  }
}

async function openAll(interfaces: readonly string[], port: number, known: KnownRecords): Promise<Channel[]> {
  try {
    return await openChannels({ interfaces, port, onPacket: (packet) => addPacket(known, packet) });
  } catch (error) {
    const failure = searchFailure(error);
    if (failure) throw failure;
    return [];
  }
}

/**
 * Searches the local networks for gateways by mDNS over IPv4 (spec/envoy 1.6) and asks each for its firmware where
 * `identify` is given. Resolves when the time is over, by serial number; empty where there is no network. All sockets
 * are closed by then, and on every failure. What is found is to be offered to a person: anybody on a network can
 * announce anything.
 * @throws EnergyError `closed` (signal), `invalid_argument` naming the field, `internal` where the system forbids it
 */
export async function discoverGateways(options: DiscoveryOptions = {}): Promise<FoundGateway[]> {
  const { timeout = 3000, port = 5353, interfaces = localInterfaces(), loopback = false } = options;
  const signal = options.signal ?? new AbortController().signal;
  check({ timeout, interfaces, port });
  throwIfEnded(signal);
  const known = noRecords();
  const channels = await openAll(interfaces, port, known);
  try {
    if (channels.length > 0) await askUntil(performance.now() + timeout, channels, known, signal);
  } catch (error) {
    throwIfEnded(signal);
    throw error;
  } finally {
    await Promise.all(channels.map((channel) => channel.close()));
  }
  const found = interpretRecords(known, { loopback });
  if (!options.identify) return found;
  const limits = { each: options.identifyTimeout ?? 4000, all: identifyAll };
  const gateways = await identifyFound(found, options.identify, limits, signal);
  throwIfEnded(signal);
  return gateways;
}
