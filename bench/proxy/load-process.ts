import { setTimeout as pause } from 'node:timers/promises';
import { Pool, type Dispatcher } from 'undici';
import { deviceCodeGrant } from '../../lib/proxy/routes/token.js';
import { publicClient } from '../../test/support/proxy-settings.js';
import { quantile } from '../cost/statistics.js';
import { deviceCode, grantId } from './codes.js';
import type { Load, LoadOrder, LoadResult } from './load.js';
import { serveOrders } from './worker.js';

interface Question {
  readonly options: Dispatcher.RequestOptions;
  /** What is wrong with an answer; `undefined` where it is right. */
  readonly judge: (status: number, body: string) => string | undefined;
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const pollStart = `client_id=${publicClient}&grant_type=${encodeURIComponent(deviceCodeGrant)}&device_code=`;

function wrongPoll(status: number, body: string): string | undefined {
  if (status === 400 && body.startsWith('{"error":"authorization_pending"')) return undefined;
  return `${status} ${(/"error":"(\w+)"/.exec(body) ?? [])[1] ?? 'without an error'}`;
}

const wrongStatus = (status: number): string | undefined => (status === 200 ? undefined : String(status));

function questionOf(load: Load, index: number): Question {
  if (load.what === 'get') {
    return { options: { method: 'GET', path: load.path, headers: load.headers }, judge: wrongStatus };
  }
  const code = (load.first + index) % load.codes;
  if (load.what === 'documents') return { options: { method: 'GET', path: `/${grantId(code)}` }, judge: wrongStatus };
  const body = pollStart + deviceCode(code);
  return { options: { method: 'POST', path: '/device/token', headers: form, body }, judge: wrongPoll };
}

/** Resolves at a moment of `performance.now`; at once where it has passed. */
async function until(moment: number): Promise<void> {
  const left = moment - performance.now();
  if (left > 0) await pause(left);
}

async function run({ port, load, connections, milliseconds, rate }: LoadOrder): Promise<LoadResult> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  const times: number[] = [];
  const failures: Record<string, number> = {};
  let asked = 0;
  const ask = async ({ options, judge }: Question, due: number): Promise<void> => {
    const { statusCode, body } = await pool.request(options);
    const wrong = judge(statusCode, await body.text());
    times.push(performance.now() - due);
    if (wrong !== undefined) failures[wrong] = (failures[wrong] ?? 0) + 1;
  };
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (performance.now() - started < milliseconds) {
      const question = questionOf(load, asked++);
      await ask(question, performance.now());
    }
  };
  const clock = async (spacing: number): Promise<void> => {
    const answers: Promise<void>[] = [];
    for (; asked * spacing < milliseconds; asked++) {
      const due = started + asked * spacing;
      await until(due);
      answers.push(ask(questionOf(load, asked), due));
    }
    await Promise.all(answers);
  };
  await (rate === undefined ? Promise.all(Array.from({ length: connections }, client)) : clock(1000 / rate));
  const time = performance.now() - started;
  await pool.close();
  const failed = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return {
    done: times.length - failed,
    failures,
    milliseconds: time,
    median: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}

serveOrders(run, () => Promise.resolve());
