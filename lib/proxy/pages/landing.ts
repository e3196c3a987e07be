import { html, type SafeHtml } from './html.js';
import { layout } from './layout.js';
import type { PageView } from './view.js';

function list(items: readonly string[]): SafeHtml {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

function privacy({ texts, page, mode, provider }: PageView): SafeHtml {
  const { privacyTexts: said } = texts;
  if (page.privacyNotice !== undefined) {
    return html`<h2 id="privacy">${said.heading}</h2>
      <p class="lines">${page.privacyNotice}</p>`;
  }
  const relay = mode === 'authorization_code';
  return html`<h2 id="privacy">${said.heading}</h2>
    <p>${relay ? said.direct : said.passing}</p>
    <h3>${said.keptHeading}</h3>
    ${list([...(relay ? said.keptRelay : said.keptMeter), ...said.keptAlways])}
    <p>${said.cookie}</p>
    <h3>${said.endHeading}</h3>
    <p>${provider === 'Enedis' ? said.endEnedis : said.end(provider)}</p>`;
}

/** The page at the root: what this is, how it goes, what is kept (spec/device-flow 1.1). */
export function landingPage(view: PageView): string {
  const { texts, page, base, provider } = view;
  return layout(
    view,
    page.title,
    html`<p class="lede">${texts.landing.lede(texts.data(provider), provider)}</p>
      <h2>${texts.landing.stepsHeading}</h2>
      <ol>
        ${texts.landing.steps(provider).map((step) => html`<li>${step}</li>`)}
      </ol>
      <p><a class="button" href="${base}/device">${texts.landing.action}</a></p>
      ${privacy(view)}
      ${
        page.legalNotice !== undefined &&
        html`<h2 id="legal">${texts.legal}</h2>
          <p class="lines">${page.legalNotice}</p>`
      }`,
  );
}
