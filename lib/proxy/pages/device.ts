import { html, type SafeHtml } from './html.js';
import { layout } from './layout.js';
import type { PageView } from './view.js';

/** Who asks for access with a code that is known. */
export interface DeviceRequest {
  /** `XXXX-XXXX`. */
  readonly code: string;
  /** Name of the application. */
  readonly application: string;
  /** Minutes since it asked, and until the code expires; whole ones. */
  readonly minutesAgo: number;
  readonly minutesLeft: number;
}

/** What the page with the form shows. */
export interface DevicePage {
  /** What stands in the field. */
  readonly code: string;
  readonly csrf: string;
  readonly request?: DeviceRequest;
  /** What was wrong with the form that was sent. */
  readonly problem?: 'unknown' | 'missing' | 'stale';
  /** One digit for the state, test data only. */
  readonly sandboxDigit?: string;
}

const field = 'code';
const hintId = 'code-hint';
const problemId = 'code-problem';

function longAgo({ language, texts }: PageView, minutes: number): string {
  if (minutes < 1) return texts.device.lessThanAMinuteAgo;
  return new Intl.RelativeTimeFormat(language).format(-minutes, 'minute');
}

function requestCard(view: PageView, request: DeviceRequest): SafeHtml {
  const { device, data } = view.texts;
  return html`<p>${device.introKnown(data(view.provider))}</p>
    <dl class="request">
      <dt>${device.application}</dt>
      <dd>${request.application}</dd>
      <dt>${device.asked}</dt>
      <dd>${longAgo(view, request.minutesAgo)}</dd>
      <dt>${device.code}</dt>
      <dd><code>${request.code}</code></dd>
    </dl>
    <p class="notice">${device.compare}</p>`;
}

function form({ texts, base, provider }: PageView, shown: DevicePage): SafeHtml {
  const { device } = texts;
  const { problem, request, sandboxDigit } = shown;
  const described = problem === undefined ? hintId : `${problemId} ${hintId}`;
  return html`${problem !== undefined && html`<p class="alert" role="alert" id="${problemId}">${device[problem]}</p>`}
    <form method="post" action="${base}/device">
      <input type="hidden" name="csrf" value="${shown.csrf}" />
      ${sandboxDigit !== undefined && html`<input type="hidden" name="state" value="${sandboxDigit}" />`}
      <label for="${field}">${device.label}</label>
      <input
        type="text"
        id="${field}"
        name="${field}"
        value="${shown.code}"
        placeholder="XXXX-XXXX"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck="false"
        maxlength="40"
        required
        autofocus
        aria-describedby="${described}"
        ${problem !== undefined && html` aria-invalid="true"`}
      />
      <p class="hint" id="${hintId}">${device.hint}</p>
      <button type="submit">${request ? device.actionKnown(provider) : device.action(provider)}</button>
    </form>`;
}

/**
 * The page with the form for the code (spec/device-flow 1.3). Of a code that is known it says which application asks and
 * since when, so that people notice a code that is not theirs (RFC 8628 3.3.1, 5.4).
 */
export function devicePage(view: PageView, shown: DevicePage): string {
  const { device } = view.texts;
  const { request } = shown;
  return layout(
    view,
    device.heading,
    html`${request ? requestCard(view, request) : html`<p>${device.intro}</p>`} ${form(view, shown)}
      <p class="quiet">
        ${request ? device.expires(request.minutesLeft) : device.lifetime(view.codeMinutes)} ${device.another}
      </p>`,
  );
}
