import { html, type SafeHtml } from './html.js';
import { styleVersion } from './style.js';
import type { PageView } from './view.js';

/** The address if it is one that a link may lead to: anything but http(s) and mail could run a script. */
export function safeLink(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  try {
    return ['https:', 'http:', 'mailto:'].includes(new URL(address).protocol) ? address : undefined;
  } catch {
    return undefined;
  }
}

function footer({ texts, page, base }: PageView): SafeHtml {
  const contact = safeLink(page.contact);
  return html`<footer>
    ${page.operator !== undefined && html`<p>${texts.operatedBy(page.operator)}</p>`}
    <ul>
      ${page.legalNotice !== undefined && html`<li><a href="${base}/#legal">${texts.legal}</a></li>`}
      <li><a href="${base}/#privacy">${texts.privacy}</a></li>
      ${contact !== undefined && html`<li><a href="${contact}">${texts.contact}</a></li>`}
    </ul>
  </footer>`;
}

/** A whole page: what `content` holds, with its one `h1`, between the head and the foot that all pages share. */
export function layout(view: PageView, heading: string, content: SafeHtml): string {
  const { language, base, page } = view;
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <title>${heading === page.title ? heading : `${heading} · ${page.title}`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="stylesheet" href="${base}/style.css?v=${styleVersion}" />
      </head>
      <body>
        <header><a href="${base}/">${page.title}</a></header>
        <main>
          <article>
            <h1>${heading}</h1>
            ${content}
          </article>
        </main>
        ${footer(view)}
      </body>
    </html> `.toString();
}
