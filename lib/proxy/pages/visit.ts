import { html } from './html.js';
import { layout } from './layout.js';
import type { PageView } from './view.js';

/** Shown inside a frame: leads the whole window to the same address (spec/device-flow 1.5). */
export function framePage(view: PageView, address: string): string {
  const { frame } = view.texts;
  return layout(
    view,
    frame.heading,
    html`<p>${frame.text}</p>
      <p><a class="button" target="_top" href="${address}">${frame.action}</a></p>`,
  );
}

/** The consent has not arrived yet: asks to reload (spec/device-flow 1.5, check 65). */
export function waitPage(view: PageView, address: string): string {
  const { wait } = view.texts;
  return layout(
    view,
    wait.heading,
    html`<p>${wait.text(view.provider)}</p>
      <p><a class="button" href="${address}">${wait.action}</a></p>`,
  );
}

/** The consent is recorded. */
export function donePage(view: PageView): string {
  const { done } = view.texts;
  return layout(
    view,
    done.heading,
    html`<p>${done.text}</p>
      <p>${done.close}</p>`,
  );
}
