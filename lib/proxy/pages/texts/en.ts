import type { Texts } from './fr.js';

/** Every text of the pages in English. */
export const english: Texts = {
  home: 'Home',
  operatedBy: (name) => `Service run by ${name}`,
  contact: 'Contact',
  legal: 'Legal notice',
  privacy: 'Your data',
  data: (provider) => (provider === 'Enedis' ? 'the data of your Linky meter' : `your data at ${provider}`),

  landing: {
    lede: (data, provider) =>
      `This service lets an application that you run at home read ${data}. ` +
      `Nothing happens without your consent: you give it at ${provider}, and you can withdraw it at any time.`,
    stepsHeading: 'How it goes',
    steps: (provider) => [
      'Your application shows a code of eight letters.',
      'You enter this code here.',
      `You log in at ${provider} and give your consent.`,
    ],
    action: 'Enter a code',
  },

  privacyTexts: {
    heading: 'Your data',
    keptHeading: 'What this service keeps',
    keptMeter: [
      'The number of your delivery point (PRM), encrypted, until 90\u00a0days after the end of your consent.',
      'The date of your consent and its end.',
      'The access keys of your application, unreadable without it: fingerprints or encrypted texts.',
    ],
    keptRelay: ['The access keys issued for your application, encrypted, until it has received them.'],
    keptAlways: [
      'A log of requests, without whole numbers or keys, for 90\u00a0days.',
      'Counts of requests by address, as fingerprints, against abuse.',
    ],
    passing: 'Your readings pass through this service on their way to your application. They are not kept.',
    direct: 'Your application reads your data by itself: they do not pass through this service.',
    cookie:
      'One cookie, which is needed, recognises the browser that entered the code; it lasts six months. ' +
      'No audience measurement, nothing from other sites.',
    endHeading: 'Withdrawing your consent',
    endEnedis: 'In your personal account on the site of Enedis, delete the share granted to this service.',
    end: (provider) => `Remove the access of this service in your account at ${provider}.`,
  },

  device: {
    heading: 'Authorise an application',
    intro: 'Enter the code that your application shows.',
    introKnown: (data) => `This application asks to read ${data}.`,
    application: 'Application',
    asked: 'Asked',
    lessThanAMinuteAgo: 'less than a minute ago',
    code: 'Code',
    compare:
      'Compare this code with the one that your own application shows right now. If somebody sent you this link or ' +
      'this code, stop here: that person would receive your data.',
    label: 'Code shown by your application',
    hint: 'Eight letters. Lower case, spaces and a missing hyphen do no harm.',
    action: (provider) => `Continue at ${provider}`,
    actionKnown: (provider) => `The code is the same, continue at ${provider}`,
    expires: (minutes) =>
      minutes <= 1 ? 'This code expires in less than a minute.' : `This code expires in ${minutes}\u00a0minutes.`,
    lifetime: (minutes) => `A code is valid for ${minutes}\u00a0minutes.`,
    another: 'If it has expired, ask again in your application: it will show another one.',
    unknown: 'This code is not valid. Check it, or ask your application for another one.',
    missing: 'No code was entered.',
    stale: 'The page was open for too long, or cookies are blocked. Check the code and send it again.',
  },

  frame: {
    heading: 'One more click',
    text: 'For your safety, the rest takes place in a whole page.',
    action: 'Continue',
  },

  wait: {
    heading: 'Your consent is on its way',
    text: (provider) =>
      `${provider} has not passed on your consent yet. Reload this page in a few seconds; ` +
      'your application is still waiting.',
    action: 'Reload',
  },

  done: {
    heading: 'Done',
    text: 'Your consent is recorded. Your application will get its access in a moment.',
    close: 'You may close this page.',
  },

  error: {
    code: 'Code',
    reference: 'Reference',
    referenceHint: 'Give this reference if you ask for help.',
    again: 'Enter a code',
    unknown: { heading: 'That did not work', text: 'Ask again in your application and enter the new code.' },
    known: {
      access_denied: {
        heading: 'Consent refused',
        text: 'You did not give your consent. Your application got no access.',
      },
      invalid_request: {
        heading: 'Incomplete request',
        text: 'Parameters of this request are missing or not valid. Start again from your application.',
      },
      missing_parameters: {
        heading: 'Incomplete request',
        text: 'Parameters are missing in this address. Start again from your application.',
      },
      missing_usage_point: {
        heading: 'Incomplete request',
        text: 'The parameter usage_point_id, the number of the delivery point, is missing.',
      },
      invalid_usage_point: {
        heading: 'Delivery point not valid',
        text: 'The number of the delivery point (usage_point_id) must have 14 digits.',
      },
      invalid_authorisation: {
        heading: 'Consent not valid',
        text: 'The consent number in this address is not valid. Start again from your application.',
      },
      unverified_consent: {
        heading: 'Consent cannot be verified',
        text: 'This address names a delivery point without a proof of your consent. It is not accepted.',
      },
      invalid_state: {
        heading: 'Unknown or finished visit',
        text: 'The state parameter is not valid, or too old. Ask again in your application.',
      },
      other_browser: {
        heading: 'Another browser',
        text:
          'This visit began in another browser, or cookies are blocked. Finish in the one in which you entered the ' +
          'code, or enter it again here.',
      },
      too_late: {
        heading: 'Too late',
        text: 'The code expired before your consent arrived. Ask again in your application; it will take less time.',
      },
      consent_taken: {
        heading: 'Already linked elsewhere',
        text:
          'This consent is already in use, from another browser. First delete the share in your account at Enedis, or ' +
          'use the browser of that time.',
      },
      consent_not_fresh: {
        heading: 'Consent too old',
        text:
          'This consent was not given just now. Delete the share in your account at Enedis, then start again from ' +
          'your application.',
      },
      consent_ambiguous: {
        heading: 'Several delivery points',
        text: 'Your consent covers several delivery points. Give it for one at a time.',
      },
      too_many_tries: { heading: 'Too many tries', text: 'This visit is over. Ask again in your application.' },
      exchange_failed: {
        heading: 'No access granted',
        text: 'The authorisation server did not grant the access. Ask again in your application.',
      },
      upstream_refused: {
        heading: 'Consent not confirmed',
        text: 'Enedis would not confirm your consent. Reload this page later, or start again.',
      },
      upstream_unavailable: {
        heading: 'Service not available',
        text: 'The authorisation server does not answer. Reload this page in a few minutes.',
      },
      server_error: {
        heading: 'Error of the authorisation server',
        text: 'The consent page ran into an error. Start again later from your application.',
      },
      temporarily_unavailable: {
        heading: 'Service not available',
        text: 'The service is not available right now. Try again in a few minutes.',
      },
      unauthorized_client: {
        heading: 'Service not authorised',
        text: 'This service is not authorised to ask for this consent. Tell whoever runs it.',
      },
      invalid_client: {
        heading: 'Service not recognised',
        text: 'The authorisation server does not recognise this service. Tell whoever runs it.',
      },
      unsupported_response_type: {
        heading: 'Request not understood',
        text: 'The authorisation server does not understand the request. Tell whoever runs this service.',
      },
      invalid_scope: {
        heading: 'Scope not valid',
        text: 'The application asks for a scope that the authorisation server does not know.',
      },
      missing_parameter: {
        heading: 'Incomplete request',
        text: 'The authorisation server did not get all that it expects. Tell whoever runs this service.',
      },
      invalid_duration_format: {
        heading: 'Duration not valid',
        text: 'The authorisation server does not understand the duration. Tell whoever runs this service.',
      },
      maximum_duration_exceeded: {
        heading: 'Duration too long',
        text: 'The duration is longer than three years. Tell whoever runs this service.',
      },
      'lincs-internal-server-error': {
        heading: 'Error at Enedis',
        text: 'The page of Enedis ran into an error. Try another browser, without an ad blocker.',
      },
      slow_down: {
        heading: 'Too many requests',
        text: 'Too many requests in a short time. Wait a few minutes, then try again.',
      },
      not_found: { heading: 'Page not found', text: 'There is no such page.' },
      method_not_allowed: { heading: 'Not possible', text: 'This page is not used in this way.' },
      request_too_large: { heading: 'Request too long', text: 'This request is too long.' },
      unsupported_media_type: { heading: 'Not possible', text: 'This request does not have the expected form.' },
      forbidden: {
        heading: 'Request refused',
        text: 'This request does not come from a page of this service. Enter the code again.',
      },
      internal_error: {
        heading: 'Error of this service',
        text: 'This service ran into an error. Try again in a few minutes.',
      },
    },
  },
};
