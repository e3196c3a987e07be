import { devicePage } from '../../../../lib/proxy/pages/device.js';
import { errorPage } from '../../../../lib/proxy/pages/error.js';
import { landingPage } from '../../../../lib/proxy/pages/landing.js';
import { pageView, type PageView } from '../../../../lib/proxy/pages/view.js';
import { donePage, framePage, waitPage } from '../../../../lib/proxy/pages/visit.js';
import type { ProxySettings } from '../../../../lib/proxy/settings/settings.js';
import { proxySettings } from '../../../support/proxy-settings.js';

/** What the pages of a language know. */
export function viewFor(language: string, chosen: Partial<ProxySettings> = {}): PageView {
  const settings = proxySettings({ publicUrl: 'https://p.test/linky', ...chosen });
  return pageView(settings, { headers: new Headers({ 'accept-language': language }) });
}

/** Every kind of page, with one text wherever something from outside can stand. */
export function everyPage(language: string, foreign: string): Readonly<Record<string, string>> {
  const view = viewFor(language, {
    page: {
      title: foreign,
      operator: foreign,
      legalNotice: foreign,
      privacyNotice: foreign,
      contact: `https://contact.test/${foreign}`,
    },
  });
  const request = { code: foreign, application: foreign, minutesAgo: 2, minutesLeft: 3 };
  return {
    landing: landingPage(view),
    landingOwnTexts: landingPage({ ...view, page: { title: foreign }, provider: foreign }),
    device: devicePage(view, { code: foreign, csrf: foreign }),
    deviceKnown: devicePage(view, { code: foreign, csrf: foreign, request, sandboxDigit: foreign }),
    deviceProblem: devicePage(view, { code: foreign, csrf: foreign, problem: 'unknown' }),
    frame: framePage(view, foreign),
    wait: waitPage(view, foreign),
    done: donePage(view),
    error: errorPage(view, { code: foreign, correlation: foreign }),
  };
}
