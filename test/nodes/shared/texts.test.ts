import assert from 'node:assert/strict';
import { AuthenticationError, EnergyError } from '../../../lib/errors.js';
import {
  findingError,
  findings,
  invalidArgument,
  notAllowed,
  type ArgumentRule,
  type ArgumentRules,
  type BrokenRule,
} from '../../../lib/explanations.js';
import { localized, spoken, type Texts } from '../../../nodes/shared/texts.js';
import { catalog, languages } from '../../support/locales.js';

const words = ['first-word', 'second-word'];
const bounds = { minimum: 12, maximum: 345 };

/** Values for every rule there is. */
const examples = {
  oneOf: { words },
  numberBetween: bounds,
  wholeNumber: bounds,
  wholeNumberInSteps: { ...bounds, step: 67 },
  truth: {},
  textUpTo: { longest: 64 },
  serialNumber: {},
  serialNumbers: {},
  object: {},
  knownKeys: { words },
  givenOnce: { words },
  someChange: { words },
  notAbove: { other: 'other-field' },
  below: { other: 'other-field' },
  knownDryContact: { words },
  someDryContact: {},
  someBattery: {},
  batteryOnce: {},
  knownBattery: { serial: '…0042' },
  acceptedBatteries: { path: '/admin/lib', status: 400 },
  host: {},
  url: {},
  fingerprint: {},
  searchTime: bounds,
  searchNetworks: {},
  searchPort: bounds,
  gatewayChosen: {},
  tokenText: {},
  requestPath: {},
  requestMethod: { words },
  bodyWithGet: {},
  getOnly: {},
  notTicked: { command: 'reserveSoc' },
} satisfies { readonly [R in ArgumentRule]: ArgumentRules[R] };

/** Rules whose text names something else than the field. */
const withoutField = new Set(['gatewayChosen', 'notTicked']);

const rules = Object.entries(examples);

/** The catalog of a language as a server gives it. */
function textsIn(language: string): Texts {
  return (key, values = {}) =>
    catalog(language, 'envoy-gateway')
      .get(key)
      ?.replace(/__(\w+?)__/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The error for a rule, with an English text that no catalog has. */
function broken(rule: string, values: object, make = invalidArgument): EnergyError {
  return make('own.field', { rule, ...values } as BrokenRule, 'In the words of lib/.');
}

describe('what is wrong, in the language of the server', () => {
  for (const language of languages) {
    it(`is told for every rule in ${language}, with the field and the values`, () => {
      for (const [rule, values] of rules) {
        const error = broken(rule, values);
        const told = localized(error, textsIn(language));
        const place = `${language} ${rule} "${told.message}"`;
        assert.deepEqual([told.code, told.parameters], ['invalid_argument', error.parameters], place);
        assert.doesNotMatch(told.message, /__|In the words of/, place);
        assert.match(told.message, /\.$/, place);
        if (!withoutField.has(rule)) assert.ok(told.message.includes('own.field'), place);
        for (const value of Object.values(values).flat()) assert.ok(told.message.includes(String(value)), place);
      }
    });

    it(`has no text in ${language} that nothing asks for`, () => {
      const keys = [...catalog(language, 'envoy-gateway').keys()];
      const inGroup = (group: string) =>
        keys.filter((key) => key.startsWith(`${group}.`)).map((key) => key.slice(group.length + 1));
      assert.deepEqual(inGroup('argument').sort(), Object.keys(examples).sort());
      assert.deepEqual(inGroup('finding').sort(), [...findings].sort());
    });
  }

  it('has what was found at a gateway, or what is not allowed, before what to do', () => {
    for (const language of languages) {
      const texts = textsIn(language);
      for (const finding of findings) {
        const found = findingError('no_production_source', finding, 'In the words of lib/.', { firmware: '3.9.36' });
        const { message } = localized(found, texts);
        assert.equal(
          message,
          `${texts(`finding.${finding}`, { firmware: '3.9.36' })} ${texts('failure.no_production_source')}`,
        );
        assert.ok(message.includes('3.9.36'));
      }
      const { message } = localized(broken('notTicked', { command: 'grid' }, notAllowed), texts);
      assert.equal(message, `${texts('argument.notTicked', { command: 'grid' })} ${texts('failure.not_allowed')}`);
    }
  });

  it('tells nobody to look after the meters of a gateway that is starting', () => {
    const starting = findingError('data_quality', 'allZero', 'In the words of lib/.', { firmware: '3.9.36' });
    const { message } = localized(starting, textsIn('en-US'));
    assert.match(message, /as it does while it starts\. Wait a few minutes/);
    assert.doesNotMatch(message, /meter/);
  });

  it('stays as it is where no language knows the rule, and where a person has to act', () => {
    const unknown = new EnergyError('invalid_argument', 'Only lib/ says this.', { parameters: { rule: 'other' } });
    assert.equal(localized(unknown, textsIn('de')), unknown);
    const plain = new EnergyError('invalid_argument', 'Only lib/ says this.', { parameters: { field: 'bundle' } });
    assert.equal(localized(plain, textsIn('de')), plain);
    const authentication = new AuthenticationError('mfa_required', 'x');
    assert.equal(localized(authentication, textsIn('de')), authentication);
  });

  it('is the same in a dialog', () => {
    const error = broken('numberBetween', { minimum: 1, maximum: 300 });
    assert.deepEqual(spoken(error, textsIn('de')), {
      code: 'invalid_argument',
      message: 'own.field: Der Wert muss eine Zahl von 1 bis 300 sein.',
    });
  });
});
