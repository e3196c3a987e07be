import { seedOf } from '../../model/noise.js';
import type { Customer, UsagePoint } from '../model/customers.js';

/** Invented personal data of a customer, as Enedis's answers have them; tests look for them where they must not be. */
export interface Person {
  readonly title: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  /** Of a range that is kept free for fiction. */
  readonly phone: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
  readonly inseeCode: string;
}

/** Who a customer is. */
export function personOf(customer: Customer): Person {
  const [firstName = 'Camille', ...rest] = customer.name.split(' ');
  return {
    title: 'Mx',
    firstName,
    lastName: rest.join(' ') || 'Exemple',
    email: `${customer.id}@example.com`,
    phone: `063998${String(Math.abs(seedOf(customer.id)) % 10_000).padStart(4, '0')}`,
    street: `${(Math.abs(seedOf(customer.id)) % 90) + 1} RUE DE LA SIMULATION`,
    postalCode: '99999',
    city: 'EXEMPLEVILLE',
    inseeCode: '99999',
  };
}

/** The serial number of a meter. */
export function serialNumber(point: UsagePoint): string {
  return point.id.slice(-9);
}
