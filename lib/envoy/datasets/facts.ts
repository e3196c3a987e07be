import type { Facts, Feature } from './types.js';

/** The facts with `features` added; those known already stay single. */
export function withFeatures(facts: Facts, ...features: readonly Feature[]): Facts {
  return { ...facts, features: [...new Set([...facts.features, ...features])] };
}

/** The facts with a production report that answered. */
export function withReport(facts: Facts, path: string): Facts {
  return facts.productionPaths.includes(path) ? facts : { ...facts, productionPaths: [...facts.productionPaths, path] };
}
