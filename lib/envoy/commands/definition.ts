import type { GatewayRequest } from '../authenticator.js';
import type { Feature, Parts } from '../datasets/types.js';
import type { EnergyError } from '../../errors.js';
import type { CommandWarning, KnownGateway } from './types.js';

/** What a gateway and an account need to have for a command. */
export interface Requirements {
  readonly features: readonly Feature[];
  /** The lowest role that may; any account may where there is none. */
  readonly role?: 'installer';
}

/** What a reply shows of the state that was asked for. */
export interface Observation {
  /** In the shape of the data payload. */
  readonly state: Parts;
  readonly confirmed: boolean;
  /** What the state says about why it is not the wanted one. */
  readonly warnings?: readonly CommandWarning[];
}

/** Where the state is read back from, and what to see in it. */
export interface ReadBack {
  readonly path: string;
  /** @throws EnergyError `reply_invalid` */
  readonly observe: (reply: unknown) => Observation;
}

/** All that is to be done for a command, decided before anything is sent. */
export interface Plan {
  readonly request: GatewayRequest;
  /** Whether the reply is all that the gateway should give; where it is not, the command was carried out nevertheless. */
  readonly isComplete?: (reply: unknown) => boolean;
  /** The error that a refusal by the gateway means for this command. */
  readonly refusal?: (error: EnergyError) => EnergyError;
  /** Absent where the gateway does not show what the command changes. */
  readonly readBack?: ReadBack;
  readonly warnings?: readonly CommandWarning[];
}

/** What a plan is made from. */
export interface PlanContext extends KnownGateway {
  /**
   * The document at a path as it is now.
   * @throws EnergyError of the exchange; `feature_not_available` where the gateway has no such document
   */
  readonly document: (path: string) => Promise<unknown>;
}

/** A command: what it needs, which arguments it takes, and how it is carried out. */
export interface CommandDefinition<A> {
  readonly requirements: Requirements;
  /** @throws EnergyError `invalid_argument` */
  readonly parse: (payload: unknown) => A;
  /** @throws EnergyError of reading, `invalid_argument` where the argument does not fit what the gateway has */
  readonly plan: (context: PlanContext, argument: A) => Promise<Plan>;
}
