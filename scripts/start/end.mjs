/* global AbortController */

/** Aborted when somebody asks for the end: Ctrl-C, or SIGTERM. A second Ctrl-C ends at once. */
export function endSignal() {
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(name, () => ending.abort());
  return ending.signal;
}

/** Resolves to 'asked' when the signal is aborted, at once where it already is. */
export function asked(end) {
  if (end.aborted) return Promise.resolve('asked');
  return new Promise((done) => end.addEventListener('abort', () => done('asked'), { once: true }));
}
