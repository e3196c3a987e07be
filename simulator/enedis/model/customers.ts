import { addDays } from './paris.js';

/** Whether the half-hourly curve is collected; `objected`: its holder objects to it. */
type CurveCollection = 'on' | 'off' | 'objected';

/** What a usage point (PRM) is. Days are `YYYY-MM-DD` in France. */
export interface UsagePointOptions {
  /** 14 digits. */
  readonly id: string;
  /** Default true. */
  readonly consumption?: boolean;
  /** Peak power of its photovoltaic panels, kWp; none where absent. What the house does not use is injected. */
  readonly production?: number;
  readonly curve?: CurveCollection;
  /** First day with a curve, where it was activated late. */
  readonly curveFrom?: string;
  /** First day whose curve has steps of 10 minutes instead of 30. */
  readonly tenMinutesFrom?: string;
  /** Tuesdays and Wednesdays lack a part of the curve. */
  readonly holes?: boolean;
  /** Day of the first activation; default 2019-01-01. */
  readonly activatedOn?: string;
  /** First day on which it is somebody else's. */
  readonly movedOutOn?: string;
  /** kVA; default 9. */
  readonly subscribedPower?: number;
  /** Such as `HC (22H30-6H30)`; no peak and off-peak hours where absent. */
  readonly offPeak?: string;
  /** Default true. */
  readonly electricHeating?: boolean;
}

/** A usage point with its defaults; what happens to it is written into it. */
export interface UsagePoint extends Readonly<Required<Omit<UsagePointOptions, OptionalMember>>> {
  readonly production: number;
  readonly curveFrom: string | undefined;
  readonly tenMinutesFrom: string | undefined;
  readonly offPeak: string | undefined;
  curve: CurveCollection;
  movedOutOn: string | undefined;
}

type OptionalMember = 'production' | 'curveFrom' | 'tenMinutesFrom' | 'offPeak' | 'movedOutOn' | 'curve';

/** Somebody who may consent. The names are invented. */
export interface CustomerOptions {
  /** A short name for tests and the page, such as `consumption`. */
  readonly id: string;
  readonly name?: string;
  /** What is special about the customer, in French, for the page. */
  readonly note?: string;
  readonly usagePoints: readonly UsagePointOptions[];
  /** Data are refused as if the consent were revoked right away. */
  readonly refusesData?: boolean;
}

/** A customer with defaults. */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly note: string;
  readonly usagePoints: readonly UsagePoint[];
  refusesData: boolean;
}

function usagePointOf(options: UsagePointOptions): UsagePoint {
  const { id, consumption = true, production = 0, curve = 'on', holes = false, activatedOn = '2019-01-01' } = options;
  const { subscribedPower = 9, electricHeating = true, curveFrom, tenMinutesFrom, offPeak, movedOutOn } = options;
  if (!/^\d{14}$/.test(id)) throw new Error('A usage point has 14 digits.');
  const kind = { id, consumption, production, curve, holes, activatedOn, subscribedPower, electricHeating };
  return { ...kind, curveFrom, tenMinutesFrom, offPeak, movedOutOn };
}

/** A customer with its defaults filled in. @throws where an id of a usage point has not 14 digits */
export function createCustomer(options: CustomerOptions): Customer {
  const { id, name = 'Camille Exemple', note = '', usagePoints, refusesData = false } = options;
  return { id, name, note, usagePoints: usagePoints.map(usagePointOf), refusesData };
}

const offPeak = 'HC (22H30-6H30)';

/**
 * The customers of a new simulator. The first nine are those of Enedis's sandbox, in the order of its digits
 * (spec/device-flow 4.3); the others are ours.
 * @param today the day on which the simulator starts
 */
export function usualCustomers(today: string): CustomerOptions[] {
  const one = (id: string, name: string, note: string, point: UsagePointOptions): CustomerOptions => {
    return { id, name, note, usagePoints: [point] };
  };
  const point = (id: string, rest: Omit<UsagePointOptions, 'id'> = {}): UsagePointOptions => ({ id, ...rest });
  const seller = { consumption: false, production: 9 };
  return [
    one('consumption', 'Alix Exemple', 'consommation, courbe activée', point('22516914714270', { offPeak })),
    one(
      'activated',
      'Basile Exemple',
      'en service depuis 2019',
      point('11453290002823', { activatedOn: '2019-08-27' }),
    ),
    one('no-curve', 'Camille Exemple', 'sans courbe de charge', point('32320647321714', { curve: 'off' })),
    {
      id: 'two-points',
      name: 'Dominique Exemple',
      note: 'un point de consommation, un de production',
      usagePoints: [point('12345678901234'), point('10284856584123', seller)],
    },
    one('holes', 'Élie Exemple', 'courbe incomplète', point('42900589957123', { holes: true })),
    one('production', 'Florence Exemple', 'production seule', point('24880057139941', seller)),
    one('self-consumption', 'Gaël Exemple', 'autoconsommation', point('12655648759651', { production: 6, offPeak })),
    {
      id: 'three-points',
      name: 'Hanna Exemple',
      note: 'trois points',
      usagePoints: [
        point('64975835695673'),
        point('63695879465986', { subscribedPower: 6, electricHeating: false }),
        point('22315546958763', { subscribedPower: 12, offPeak }),
      ],
    },
    { ...one('revoked', 'Inès Exemple', 'accès retiré aussitôt', point('26584978546985')), refusesData: true },
    one('newcomer', 'Jo Exemple', 'nouveau', point('50001234500017', { activatedOn: addDays(today, -60) })),
    one('late-curve', 'Kim Exemple', 'courbe depuis peu', point('50001234500024', { curveFrom: addDays(today, -20) })),
    one('ten-minutes', 'Lou Exemple', 'pas de 10 minutes depuis peu', {
      ...point('50001234500031', { tenMinutesFrom: addDays(today, -3) }),
    }),
    one('objected', 'Maël Exemple', "s'oppose à la courbe", point('50001234500048', { curve: 'objected' })),
    one('moved', 'Noé Exemple', 'parti', point('50001234500055', { movedOutOn: addDays(today, -10) })),
    one('leading-zero', 'Ode Exemple', 'petit logement', point('00001234500062', { subscribedPower: 3 })),
  ];
}

/** Many plain customers, `crowd-1` and so on, for tests that need one each. */
export function crowdOf(count: number): CustomerOptions[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `crowd-${index + 1}`,
    name: `Exemple ${index + 1}`,
    usagePoints: [{ id: String(90_000_000_000_000 + index + 1) }],
  }));
}
