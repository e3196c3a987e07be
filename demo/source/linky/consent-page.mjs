import { consentState } from './functions.mjs';
import { groups } from './layout.mjs';
import { card, catchNode, comment, functionNode } from './nodes.mjs';

const info = `The page *Linky: consent* of the dashboard shows the code, its link and a QR code, counts down, and says in words what came
of it.

- *start* and *cancel* on the card are messages to *Linky consent*, with the topics \`start\` and \`cancel\`.
- A code that nobody enters in time is replaced by a new one, twice; after that the card has *Start again*.
- A restart of Node-RED in the middle loses nothing: the code that waits is shown again.
- The QR code stands on white, with the quiet zone that scanners need, whatever the theme of the dashboard.`;

/** Id of the node that gets the consent. */
const consentFlow = 'linky-consent';
/** Id of the function that feeds the card of the consent. */
export const consentStateNode = 'linky-consent-state';

/** The nodes behind the page *Linky: consent* on the tab `tab`; `linked` are told of a consent. */
export function consentNodes(tab, account, linked) {
  return [
    comment(
      'linky-consent-comment',
      tab,
      'Consent on the dashboard, at /dashboard/linky-consent',
      { x: 250, y: 80 },
      info,
    ),
    {
      id: consentFlow,
      type: 'device-flow',
      z: tab,
      name: 'Linky consent',
      account,
      autostart: false,
      attempts: 3,
      exposeTokens: false,
      x: 330,
      y: 140,
      wires: [[consentStateNode], [consentStateNode, ...linked], [consentStateNode]],
    },
    catchNode(tab, { id: 'linky-consent-catch', scope: [consentFlow], x: 330, y: 200, wires: [[consentStateNode]] }),
    functionNode(tab, {
      id: consentStateNode,
      name: 'State of the consent',
      code: consentState,
      x: 600,
      y: 140,
      wires: [['linky-consent-card']],
    }),
    card(tab, {
      id: 'linky-consent-card',
      name: 'Card of the consent',
      from: 'consent',
      group: groups.consent,
      width: 6,
      height: 8,
      x: 850,
      y: 140,
      wires: [[consentStateNode, consentFlow]],
    }),
  ];
}
