/* global clearTimeout */
import { once } from 'node:events';

/** A child that was asked to end is killed after so many ms. */
const endPatience = 10_000;

/** Whether a child process has ended. */
export function isOver(child) {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Asks a child process to end and resolves when it has. */
export async function stopChild(child) {
  if (isOver(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), endPatience);
  await gone;
  clearTimeout(hard);
}
