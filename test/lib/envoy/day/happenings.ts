import { countersOff, type SimulatedGateway } from '../../../../simulator/index.js';
import { at, type Happening } from './simulated-day.js';

/** A part of the day, ms since the epoch; `until` is the first moment after it. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** What goes wrong on the day, and when. */
export const spans = {
  /** Every lifetime counter is 3 kWh behind. */
  fallen: { from: at(7), until: at(7, 4) },
  /** The gateway starts and answers 503. */
  unavailable: { from: at(8, 30), until: at(8, 35) },
  /** Every lifetime counter is 200 kWh ahead. */
  jumped: { from: at(9, 30), until: at(9, 34) },
  /** The gateway is off the network. */
  outage: { from: at(10, 30), until: at(11, 30) },
  /** Another firmware is installed; meanwhile 503. */
  update: { from: at(13), until: at(13, 4) },
  /** The gateway starts and answers with zeros, by day. */
  zeros: { from: at(16), until: at(16, 5) },
  /** The same at night, when there is no power that could go missing. */
  zerosAtNight: { from: at(22, 30), until: at(22, 35) },
} as const satisfies Readonly<Record<string, Span>>;

/** The firmware that the update brings: it writes net over total consumption (spec 4.3). */
export const newFirmware = '8.3.5528';

function during({ from, until }: Span, begin: Happening['act'], finish: Happening['act']): readonly Happening[] {
  return [
    { at: from, act: begin },
    { at: until, act: finish },
  ];
}

const boots = (answers: 'unavailable' | 'zeros') => (gateway: SimulatedGateway) => {
  gateway.switches.bootAnswers = answers;
  gateway.boot();
};
const booted = (gateway: SimulatedGateway) => gateway.booted();
const counts = (wattHours: number) => (gateway: SimulatedGateway) => gateway.faults.add(countersOff(wattHours));
const countsRight = (gateway: SimulatedGateway) => gateway.faults.clear();

/** Everything that happens, in the order of the day. */
export const happenings: readonly Happening[] = [
  ...during(spans.fallen, counts(-3000), countsRight),
  ...during(spans.unavailable, boots('unavailable'), booted),
  ...during(spans.jumped, counts(200_000), countsRight),
  ...during(
    spans.outage,
    (gateway) => gateway.powerOff(),
    (gateway) => gateway.powerOn(),
  ),
  ...during(
    spans.update,
    (gateway) => {
      boots('unavailable')(gateway);
      return gateway.setFirmware(newFirmware);
    },
    booted,
  ),
  ...during(spans.zeros, boots('zeros'), booted),
  ...during(spans.zerosAtNight, boots('zeros'), booted),
];

/** Whether a moment lies in one of these parts of the day. */
export function isIn(time: number, ...parts: readonly Span[]): boolean {
  return parts.some(({ from, until }) => time >= from && time < until);
}
