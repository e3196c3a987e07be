import { withFeatures } from '../facts.js';
import { probeOptional } from '../failures.js';
import { isErrorReply, isFields } from '../fields.js';
import { mayHaveEnsemble } from '../interpret/ensemble.js';
import { generatorConfig, generatorMode, generatorSchedule, generatorState } from '../interpret/generator.js';
import type { Facts, Parts, Refresh, Source, SourceContext } from '../types.js';

const answers = (reply: unknown): boolean => isFields(reply) && !isErrorReply(reply) && Object.keys(reply).length > 0;

interface Piece {
  readonly key: 'state' | 'config' | 'schedule' | 'mode';
  readonly path: string;
  readonly refresh: Refresh;
  readonly interpret: (reply: unknown, endpoint: string) => object;
}

/** A source for one of the endpoints; all but the configuration need the feature, which that one claims. */
function generatorSource({ key, path, refresh, interpret }: Piece): Source {
  const probe = async (context: SourceContext, facts: Facts): Promise<Facts> => {
    const isFirst = key === 'config';
    const needed = isFirst ? 'systemController' : 'generator';
    if (!facts.features.includes(needed) || !mayHaveEnsemble(context.info.firmware)) return facts;
    return probeOptional(context, facts, path, 'generator', (reply) => {
      if (!answers(reply)) return facts;
      const known = { ...facts, generatorPaths: [...(facts.generatorPaths ?? []), path] };
      return isFirst ? withFeatures(known, 'generator') : known;
    });
  };
  const read = async (context: SourceContext, facts: Facts): Promise<Parts> => {
    if (facts.generatorPaths?.includes(path) !== true) return {};
    return { generator: { [key]: interpret(await context.endpoints(path), path) } };
  };
  return { name: `generator ${key}`, datasets: ['generator'], refresh, probe, read };
}

/** The generator: one source an endpoint, so that each can be missing by itself (spec 3.12, 4.11). */
export const generatorSources: readonly Source[] = [
  generatorSource({ key: 'config', path: '/ivp/ss/gen_config', refresh: 'static', interpret: generatorConfig }),
  generatorSource({ key: 'state', path: '/ivp/ensemble/generator', refresh: 'slow', interpret: generatorState }),
  generatorSource({ key: 'schedule', path: '/ivp/ss/gen_schedule', refresh: 'static', interpret: generatorSchedule }),
  generatorSource({ key: 'mode', path: '/ivp/ss/gen_mode', refresh: 'slow', interpret: generatorMode }),
];
