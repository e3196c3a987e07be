import { proxyPath } from '../start/enedis.mjs';
import { asked } from '../start/end.mjs';
import { startNodeRed, urlOf } from '../start/node-red.mjs';
import { openUserDirectory, provideSamples } from '../start/user-directory.mjs';
import { startSimulators } from './simulators-process.mjs';

/** The demo as it runs: what is simulated, and Node-RED. Each is restarted only where its part of the results changed. */
export class Demo {
  #options;
  #whenAsked;
  #simulators;
  #facts;
  #nodeRed;
  /** Whether the flows of the person have a dashboard, as far as it is known: worth waiting for. */
  #hasDashboard = false;
  /** The results that run now. */
  #shown = {};

  /** @param options `port`, `userDirectory`, `verbose`, and `end`, the signal that ends everything */
  constructor(options) {
    this.#options = options;
    this.#whenAsked = asked(options.end);
  }

  /** Whether Node-RED runs. */
  get runs() {
    return this.#nodeRed !== undefined;
  }

  /** Resolves when all of the demo is there, with what the welcome says; with undefined where Node-RED ended or was restarted before. */
  async ready() {
    const nodeRed = this.#nodeRed;
    const parts = await nodeRed.ready;
    return this.#nodeRed === nodeRed ? { ...parts, url: nodeRed.url, simulated: this.#facts.simulated } : undefined;
  }

  /**
   * Shows these results.
   * @returns {Promise<{ restarted: string[], editor: boolean }>} what was restarted for it, and whether open editors are now out of date
   */
  async show(results) {
    const shown = this.#shown;
    const isNew = (part) => results[part] !== shown[part];
    const restarted = [];
    if (!this.#simulators || isNew('simulators')) {
      await this.#stopNodeRed();
      await this.#restartSimulators();
      restarted.push('the simulators');
    }
    if (this.#options.end.aborted || !this.#facts) return { restarted: [], editor: false };
    if (!this.#nodeRed || ['code', 'editor', 'flows'].some(isNew)) {
      await this.#stopNodeRed();
      if (shown.flows && isNew('flows')) openUserDirectory();
      await this.#startNodeRed();
      restarted.unshift('Node-RED');
    }
    this.#shown = results;
    return { restarted, editor: shown.editor !== undefined && isNew('editor') };
  }

  /** Stops everything. */
  async stop() {
    await this.#stopNodeRed();
    await this.#stopSimulators();
  }

  #tell(text) {
    if (!this.#options.end.aborted) console.log(`${text} Everything is started again after the next change.`);
  }

  async #restartSimulators() {
    await this.#stopSimulators();
    const { userDirectory, port, end } = this.#options;
    const simulators = startSimulators(userDirectory, urlOf(port));
    this.#simulators = simulators;
    this.#facts = undefined;
    const facts = await Promise.race([simulators.ready, this.#whenAsked]);
    if (end.aborted) return;
    if (facts) provideSamples(userDirectory, facts.samples);
    this.#facts = facts;
    void simulators.ended.then(() => {
      if (this.#simulators !== simulators) return;
      this.#simulators = undefined;
      this.#tell('The simulators have ended; their messages are above.');
    });
  }

  async #stopSimulators() {
    const simulators = this.#simulators;
    this.#simulators = undefined;
    await simulators?.stop();
  }

  async #startNodeRed() {
    const { port, userDirectory, verbose } = this.#options;
    const nodeRed = startNodeRed({ port, userDirectory, variables: this.#facts.variables, proxyPath, verbose });
    this.#nodeRed = nodeRed;
    nodeRed.ended.catch((error) => {
      if (this.#nodeRed !== nodeRed) return;
      this.#nodeRed = undefined;
      this.#tell(error.message);
    });
    const there = this.#hasDashboard ? nodeRed.ready : nodeRed.answering();
    void nodeRed.ready.then(({ dashboard }) => {
      if (this.#nodeRed === nodeRed) this.#hasDashboard = dashboard;
    });
    await Promise.race([there, this.#whenAsked]);
  }

  async #stopNodeRed() {
    const nodeRed = this.#nodeRed;
    this.#nodeRed = undefined;
    await nodeRed?.stop();
  }
}
