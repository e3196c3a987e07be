import type { ProxyRequest } from '../http/types.js';
import type { PageSettings, ProxyMode, ProxySettings } from '../settings/settings.js';
import { chooseLanguage, type PageLanguage } from './language.js';
import { english } from './texts/en.js';
import { french, type Texts } from './texts/fr.js';

/** What every page knows. */
export interface PageView {
  readonly language: PageLanguage;
  readonly texts: Texts;
  /** Path of the proxy on its host, without a slash at the end; made of the public address, never of the request. */
  readonly base: string;
  readonly page: PageSettings;
  readonly mode: ProxyMode;
  /** Who asks for the consent: `Enedis`, or the host of the authorization server. */
  readonly provider: string;
  /** Minutes that a code is valid. */
  readonly codeMinutes: number;
}

/** The texts of each language. */
const textsOf: Readonly<Record<PageLanguage, Texts>> = { fr: french, en: english };

/** Who is behind an authorization endpoint, in a word that people know. */
function providerOf({ mode, endpoints }: Pick<ProxySettings, 'mode' | 'endpoints'>): string {
  if (mode === 'client_credentials') return 'Enedis';
  const host = new URL(endpoints.authorization).hostname;
  return host === 'enedis.fr' || host.endsWith('.enedis.fr') ? 'Enedis' : host;
}

/** What the pages that answer a request know. */
export function pageView(settings: ProxySettings, request: Pick<ProxyRequest, 'headers'>): PageView {
  const language = chooseLanguage(request.headers.get('accept-language'));
  return {
    language,
    texts: textsOf[language],
    base: new URL(settings.publicUrl).pathname.replace(/\/+$/, ''),
    page: settings.page,
    mode: settings.mode,
    provider: providerOf(settings),
    codeMinutes: Math.max(1, Math.round(settings.codeLifetime / 60)),
  };
}
