/** Lets everybody who asks while a task is under way share its outcome. */
export class SingleFlight<T> {
  #running: Promise<T> | undefined;

  /** The task under way. */
  get running(): Promise<T> | undefined {
    return this.#running;
  }

  run(task: () => Promise<T>): Promise<T> {
    this.#running ??= task().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
