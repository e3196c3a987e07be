import { page } from './layout.mjs';

/**
 * Makes the rows of the table low enough for a dozen inverters, styles what several cards have, and fills the first row where a card is hidden.
 */
export function style(tab) {
  const css = `.envoy-inverters .v-table th,
.envoy-inverters .v-table td {
  height: 34px !important;
  letter-spacing: normal;
  padding: 0 5px !important;
  white-space: nowrap;
}
@media (max-width: 575px) {
  .envoy-inverters .v-table th,
  .envoy-inverters .v-table td {
    font-size: 12px !important;
    padding: 0 4px !important;
  }
}
.envoy-flow {
  align-items: baseline;
  display: flex;
  flex-wrap: wrap;
  font-weight: 500;
  gap: 6px;
}
.envoy-flow.good { color: #2e7d32; }
.envoy-flow.cost { color: #b4530a; }
.envoy-flow-arrow { font-size: 26px; }
.envoy-flow-watts { font-size: 36px; line-height: 1.1; }
.envoy-flow-unit { font-size: 18px; }
.envoy-flow-word { color: #5b6470; font-weight: 400; }
.envoy-flow-sign { color: #5b6470; font-size: 12px; margin-top: 6px; }
.envoy-now > .v-card { height: 100%; }
@media (min-width: 900px) {
  /* Three cards fill the first row, too, and so do two. */
  .nrdb-ui-page:not(:has(> .envoy-now:nth-child(4))) > .envoy-now { grid-column-end: span 4 !important; }
  .nrdb-ui-page:not(:has(> .envoy-now:nth-child(3))) > .envoy-now { grid-column-end: span 6 !important; }
}`;
  return {
    id: 'envoy-style',
    type: 'ui-template',
    z: tab,
    group: '',
    page: page.id,
    ui: '',
    name: 'Style of table and cards',
    order: 0,
    width: 0,
    height: 0,
    head: '',
    format: css,
    storeOutMessages: true,
    passthru: false,
    resendOnRefresh: true,
    templateScope: 'page:style',
    className: '',
    x: 930,
    y: 580,
    wires: [[]],
  };
}
