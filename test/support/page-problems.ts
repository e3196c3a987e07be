import type { Page } from 'playwright-core';

/** What goes wrong in a page from now on: errors on its console, and requests to anybody but the server at `url`. */
export function problemsOf(page: Page, url: string): readonly string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => {
    const target = request.url();
    if (!target.startsWith(url) && !/^(data|blob):/.test(target)) problems.push(`asked for ${target}`);
  });
  return problems;
}
