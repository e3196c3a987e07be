import { createHash } from 'node:crypto';

/** Colours of one appearance; text on its ground reaches 4.5 : 1, borders of fields 3 : 1 (WCAG 2.2 AA). */
export interface Palette {
  readonly ground: string;
  readonly surface: string;
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly border: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly notice: string;
  readonly onNotice: string;
  readonly noticeLine: string;
  readonly alert: string;
  readonly onAlert: string;
  readonly alertLine: string;
}

/** The two appearances. */
export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    ground: '#f3f6f7',
    surface: '#ffffff',
    text: '#17242b',
    quiet: '#4b5c66',
    line: '#d9e1e5',
    border: '#738591',
    accent: '#0b6156',
    onAccent: '#ffffff',
    notice: '#fff6e0',
    onNotice: '#4a3500',
    noticeLine: '#a87800',
    alert: '#fdecea',
    onAlert: '#7a1710',
    alertLine: '#b3261e',
  },
  dark: {
    ground: '#10171b',
    surface: '#182228',
    text: '#e6edf0',
    quiet: '#a9b8c1',
    line: '#2c3a42',
    border: '#7d909b',
    accent: '#6fd3c3',
    onAccent: '#06231e',
    notice: '#2c2614',
    onNotice: '#f3e0ae',
    noticeLine: '#c79a2b',
    alert: '#3a1614',
    onAlert: '#ffc9c3',
    alertLine: '#f0766b',
  },
};

function variables(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}: ${colour};`)
    .join(' ');
}

/** The one stylesheet of the pages; nothing in it comes from a request or a setting. */
export const stylesheet = `:root { color-scheme: light dark; ${variables(palettes.light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(palettes.dark)} } }
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground); color: var(--text); overflow-wrap: break-word; }
header, main, footer { width: 100%; max-width: 38rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; padding-bottom: 1rem; }
header a { color: var(--text); font-weight: 600; text-decoration: none; }
header a::before { content: ''; display: inline-block; width: .65rem; height: .65rem; margin-right: .6rem; border-radius: 50%; background: var(--accent); }
header a:hover { text-decoration: underline; }
main > article { background: var(--surface); border: 1px solid var(--line); border-radius: .75rem; padding: clamp(1.25rem, 5vw, 2.25rem); }
footer { margin-top: auto; padding-top: 1.5rem; padding-bottom: 2rem; color: var(--quiet); font-size: .875rem; }
footer p { margin: 0 0 .25rem; }
footer ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
h1 { margin: 0 0 .75rem; font-size: clamp(1.5rem, 5vw, 1.875rem); line-height: 1.2; letter-spacing: -.01em; }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; line-height: 1.3; }
h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
p { margin: 0 0 1rem; }
article > :last-child { margin-bottom: 0; }
main li { margin-bottom: .375rem; }
ol, ul { margin: .25rem 0 1rem; padding-left: 1.25rem; }
a { color: var(--accent); text-underline-offset: .15em; }
footer a { color: inherit; display: inline-block; padding: .25rem 0; }
code { font-family: ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.lede { font-size: 1.0625rem; }
.quiet { color: var(--quiet); font-size: .9375rem; }
.lines { white-space: pre-line; }
dl.request { display: grid; grid-template-columns: minmax(0, 1fr); gap: .125rem; margin: 0 0 1.25rem; padding: 1rem 1.125rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--ground); }
dl.request dt { color: var(--quiet); font-size: .875rem; }
dl.request dd { margin: 0 0 .625rem; font-weight: 600; }
dl.request dd:last-child { margin-bottom: 0; }
dl.request code { font-size: clamp(1.375rem, 7vw, 1.75rem); letter-spacing: .06em; white-space: nowrap; }
.notice, .alert { padding: .875rem 1.125rem; border-left: .25rem solid; border-radius: .25rem; }
.notice { background: var(--notice); color: var(--onNotice); border-color: var(--noticeLine); }
.alert { background: var(--alert); color: var(--onAlert); border-color: var(--alertLine); }
form { margin: 0 0 1.25rem; }
label { display: block; margin-bottom: .375rem; font-weight: 600; }
input[type='text'] { display: block; width: 100%; min-height: 3rem; padding: .5rem .875rem; border: 1px solid var(--border); border-radius: .5rem; background: var(--surface); color: var(--text); font: 1.25rem/1.4 ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; letter-spacing: .06em; text-transform: uppercase; }
input::placeholder { color: var(--quiet); opacity: 1; }
input[aria-invalid='true'] { border-color: var(--alertLine); border-width: 2px; }
.hint { margin: .625rem 0 1.25rem; color: var(--quiet); font-size: .875rem; }
button, .button { display: inline-block; width: 100%; min-height: 3rem; padding: .6875rem 1.25rem; border: 1px solid transparent; border-radius: .5rem; background: var(--accent); color: var(--onAccent); font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .25rem; }
button:focus-visible, .button:focus-visible, input:focus-visible { border-radius: .5rem; }
@media (min-width: 30rem) { button, .button { width: auto; } dl.request { grid-template-columns: max-content minmax(0, 1fr); gap: .375rem 1.25rem; align-items: baseline; } dl.request dd { margin: 0; } }
@media (forced-colors: active) { .notice, .alert, main > article { border: 1px solid; } }
@media print { header, footer, form { display: none; } }
`;

/** Changes whenever the stylesheet does, so that browsers may keep it for long. */
export const styleVersion = createHash('sha256').update(stylesheet).digest('hex').slice(0, 10);
