/** The look of the simulated portal. */
export const portalStyle = `
:root { color-scheme: light dark; --ink: #1d2b3a; --paper: #fff; --shade: #f2f5f8; --line: #cfd8e0; --accent: #0b6e4f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --paper: #16202a; --shade: #0e161e; --line: #3a4855; --accent: #4cc38a; }
}
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--shade); }
.banner { margin: 0; padding: .6rem 1rem; text-align: center; font-weight: 600; color: #3d2c00; background: #ffd166; }
main { max-width: 38rem; margin: 2rem auto; padding: 1.5rem 2rem; background: var(--paper);
  border: 1px solid var(--line); border-radius: .6rem; }
h1 { margin-top: 0; font-size: 1.5rem; }
fieldset { margin: 1.5rem 0; padding: 0; border: 0; }
legend { font-weight: 600; margin-bottom: .5rem; }
/* A long list scrolls, so that the buttons stay in sight. */
.holders { max-height: 24rem; overflow-y: auto; padding: .3rem; }
.holder { display: flex; gap: .8rem; align-items: center; padding: .6rem .8rem; margin-bottom: .4rem;
  border: 1px solid var(--line); border-radius: .4rem; cursor: pointer; }
.holder:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.holder small { display: block; opacity: .8; }
.buttons { display: flex; flex-wrap: wrap; gap: .8rem; }
button { font: inherit; padding: .6rem 1.4rem; border: 1px solid var(--accent); border-radius: .4rem; cursor: pointer;
  color: var(--accent); background: transparent; }
button.main { color: var(--paper); background: var(--accent); font-weight: 600; }
:focus-visible { outline: 3px solid #e0a100; outline-offset: 2px; }
code { font-size: .95em; }
`;
