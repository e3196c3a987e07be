import { EnergyError } from '../../errors.js';
import { lastDigits } from '../../linky/usage-point.js';
import { newId } from '../codes.js';
import type { ProxyContext } from '../context.js';
import { shortened } from '../ids.js';
import { poll, redeem, type PollAnswer } from '../records/grants.js';
import type { Approval, DeviceGrant } from '../records/types.js';
import { openUsagePoints, places } from '../sealed.js';
import { tokenAnswer, type TokenAnswer } from './answer.js';
import { mintFamily, unmintFamily } from './mint.js';
import { Unanswered } from './unanswered.js';

/** What came of a poll: the tokens, or why there are none. */
export type PollOutcome =
  { readonly kind: 'redeemed_now'; readonly answer: TokenAnswer } | Exclude<PollAnswer, { kind: 'approved' }>;

/** A device that polls. */
export interface PollingDevice {
  /** Hash of the device code. */
  readonly grantId: string;
  readonly clientId: string;
}

/** Tokens that are ready to be handed over, if the grant can be redeemed. */
interface Prepared {
  readonly answer: TokenAnswer;
  /** Id of the family; in the authorization-code mode an id that stands for this exchange. */
  readonly family: string;
  readonly usagePoints: readonly string[];
  /** Removes them again. */
  readonly undo: () => Promise<void>;
}

async function prepareMinted(context: ProxyContext, device: PollingDevice, approval: Approval): Promise<Prepared> {
  if (!approval.usagePoints) throw new EnergyError('storage_failed', 'The approval has no usage points.');
  const place = places.grantUsagePoints(device.grantId);
  const usagePoints = await openUsagePoints(context.secrets, approval.usagePoints, place);
  const minted = await mintFamily(context, device.clientId, usagePoints, approval.consents);
  const { id, access, refresh, expiresIn } = minted;
  return {
    answer: tokenAnswer({ accessToken: access.token, refreshToken: refresh.token, expiresIn, usagePoints }),
    family: id,
    usagePoints,
    undo: () => unmintFamily(context, minted),
  };
}

async function prepareRelayed({ secrets }: ProxyContext, device: PollingDevice, sealed: string): Promise<Prepared> {
  const text = await secrets.open(sealed, places.grantTokens(device.grantId));
  return { answer: JSON.parse(text) as TokenAnswer, family: newId(), usagePoints: [], undo: () => Promise.resolve() };
}

function prepare(context: ProxyContext, device: PollingDevice, approval: Approval): Promise<Prepared> {
  const { tokensSealed } = approval;
  return tokensSealed === undefined
    ? prepareMinted(context, device, approval)
    : prepareRelayed(context, device, tokensSealed);
}

function handOver({ now, events }: ProxyContext, device: PollingDevice, prepared: Prepared): PollOutcome {
  events({
    name: 'redeemed',
    at: now(),
    clientId: device.clientId,
    dance: shortened(device.grantId),
    usagePoints: prepared.usagePoints.map(lastDigits),
  });
  return { kind: 'redeemed_now', answer: prepared.answer };
}

const unansweredOf = new WeakMap<ProxyContext['records'], Unanswered<Prepared>>();

function unanswered({ records }: ProxyContext): Unanswered<Prepared> {
  const known = unansweredOf.get(records) ?? new Unanswered<Prepared>();
  unansweredOf.set(records, known);
  return known;
}

/**
 * Exchanges an approved grant for tokens, exactly once. What is handed over is made first: until the grant is redeemed
 * nobody knows of it, so that a failure on the way costs nothing and the device simply asks again. Redeeming is one
 * write; of several devices with one code the others take back what they made (spec/device-flow 2.5 (6)).
 */
async function exchange(context: ProxyContext, device: PollingDevice, approval: Approval): Promise<PollOutcome> {
  const { records, now } = context;
  const { grantId, clientId } = device;
  const prepared = await prepare(context, device, approval);
  const transition = (grant: DeviceGrant | undefined) => redeem(grant, clientId, prepared.family, now());
  let outcome: PollAnswer;
  try {
    outcome = await records.deviceGrants.change(grantId, transition);
  } catch (error) {
    unanswered(context).keep(grantId, prepared, now());
    throw error;
  }
  if (outcome.kind !== 'approved') {
    await prepared.undo();
    return outcome;
  }
  await Promise.all(
    unanswered(context)
      .take(grantId, now())
      .map(({ undo }) => undo()),
  );
  return handOver(context, device, prepared);
}

/** The grant was redeemed: by an exchange of ours that got no answer from the store? Then that one is completed. */
async function completeExchange(context: ProxyContext, device: PollingDevice): Promise<PollOutcome> {
  const kept = unanswered(context).take(device.grantId, context.now());
  if (kept.length === 0) return { kind: 'redeemed' };
  let grant: DeviceGrant | undefined;
  try {
    grant = await context.records.deviceGrants.get(device.grantId);
  } catch (error) {
    for (const prepared of kept) unanswered(context).keep(device.grantId, prepared, context.now());
    throw error;
  }
  const won = kept.find(({ family }) => family === grant?.family);
  return won ? handOver(context, device, won) : { kind: 'redeemed' };
}

/**
 * A device asks for its tokens.
 * @throws EnergyError `storage_failed`: no consent is lost, and the device may ask again
 */
export async function pollGrant(context: ProxyContext, device: PollingDevice): Promise<PollOutcome> {
  const { records, now } = context;
  const transition = (grant: DeviceGrant | undefined) => poll(grant, device.clientId, now());
  const outcome = await records.deviceGrants.change(device.grantId, transition, { durability: 'quick' });
  if (outcome.kind === 'approved') return exchange(context, device, outcome.approval);
  return outcome.kind === 'redeemed' ? completeExchange(context, device) : outcome;
}
