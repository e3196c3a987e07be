/** Languages of the pages. */
export type PageLanguage = 'fr' | 'en';

interface Preference {
  readonly language: string;
  readonly quality: number;
}

function preference(part: string): Preference {
  const [tag = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase());
  const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
  return { language: tag.split('-')[0] ?? '', quality: quality === undefined ? 1 : Number(quality) || 0 };
}

/**
 * Language of the pages by `Accept-Language` (RFC 9110 12.5.4); French where nothing fits, since these are customers
 * of Enedis.
 */
export function chooseLanguage(acceptLanguage: string | null): PageLanguage {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map(preference)
    .filter(({ language, quality }) => (language === 'fr' || language === 'en') && quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return wanted[0]?.language === 'en' ? 'en' : 'fr';
}
