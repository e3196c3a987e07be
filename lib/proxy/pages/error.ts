import { html } from './html.js';
import { layout } from './layout.js';
import type { KnownError } from './texts/fr.js';
import type { PageView } from './view.js';

/** A failure as people are told of it. */
export interface PageProblem {
  /** An OAuth error code, or one of the proxy's own; it may come from outside. */
  readonly code: string;
  /** Finds the failure in the operator's log. */
  readonly correlation?: string;
}

/** The code if it is harmless to show: foreign text on a trusted page misleads people (spec/device-flow D20). */
export function presentableCode(code: string): string | undefined {
  return /^[A-Za-z0-9_.-]{1,64}$/.test(code) ? code : undefined;
}

/**
 * The page for a failure: in the proxy's own words where the code is known, else with the code alone (spec/device-flow
 * D14, D20).
 */
export function errorPage(view: PageView, { code, correlation }: PageProblem): string {
  const { error } = view.texts;
  const { heading, text } = Object.hasOwn(error.known, code) ? error.known[code as KnownError] : error.unknown;
  const shown = presentableCode(code);
  return layout(
    view,
    heading,
    html`<p>${text}</p>
      <p><a class="button" href="${view.base}/device">${error.again}</a></p>
      <p class="quiet">
        ${shown !== undefined && html`${error.code} <code>${shown}</code>`}${
          correlation !== undefined &&
          html`<br />${error.reference} <code>${correlation}</code><br />${error.referenceHint}`
        }
      </p>`,
  );
}
