/** Resolves when a task has ended, or after so many ms. */
export async function settledWithin(task: Promise<unknown> | undefined, milliseconds: number): Promise<void> {
  if (!task) return;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds)));
  await Promise.race([task.catch(() => undefined), limit]);
  clearTimeout(timer);
}
