import { createHash } from 'node:crypto';
import { reply } from '../../shared/reply.js';
import type { Reply } from '../../shared/reply.js';
import type { Customer } from '../model/customers.js';
import type { AuthorizeRequest, PageError } from './authorize.js';
import { portalStyle } from './style.js';

const styleHash = createHash('sha256').update(portalStyle).digest('base64');

/** Text made safe for HTML, attributes included. */
function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** @param content HTML that is safe already */
function portalPage(status: number, title: string, content: string): Reply {
  const html = `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – simulation</title>
<style>${portalStyle}</style>
</head>
<body>
<p class="banner">Simulation : ceci n'est pas Enedis, rien n'est réel.</p>
<main>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;
  return reply(status, html, 'text/html; charset=utf-8', {
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
}

/** One line to choose: with v2 a usage point, with v1 all that somebody has. */
interface Choice {
  readonly value: string;
  readonly customer: Customer;
  readonly usagePoints: readonly string[];
}

function choicesOf(customers: Iterable<Customer>, { generation }: AuthorizeRequest): Choice[] {
  return [...customers].flatMap((customer): Choice[] => {
    const ids = customer.usagePoints.map(({ id }) => id);
    if (generation === 'v1') return [{ value: customer.id, customer, usagePoints: ids }];
    return ids.map((id) => ({ value: `${customer.id}/${id}`, customer, usagePoints: [id] }));
  });
}

function choiceHtml({ value, customer, usagePoints }: Choice, checked: boolean): string {
  const input = `<input type="radio" name="holder" value="${escapeHtml(value)}" required${checked ? ' checked' : ''}>`;
  const details = [customer.note, `PRM ${usagePoints.join(', ')}`].filter(Boolean).join(' · ');
  return `<label class="holder">${input}<span>${escapeHtml(customer.name)}<small>${escapeHtml(details)}</small></span></label>`;
}

/** How many customers the page offers; crowds of tests do not fit on it. */
const offered = 40;

/**
 * The page that asks for consent.
 * @param chosen the id of the customer that is chosen already
 */
export function consentPage(
  request: AuthorizeRequest,
  customers: Iterable<Customer>,
  chosen: string | undefined,
): Reply {
  const choices = choicesOf(customers, request).slice(0, offered);
  const checked = choices.find(({ customer }) => customer.id === chosen) ?? choices[0];
  const lines = choices.map((choice) => choiceHtml(choice, choice === checked)).join('\n');
  return portalPage(
    200,
    'Partager mes données de consommation',
    `<p><strong>${escapeHtml(request.application.name)}</strong> demande l'accès à vos données (courbe de charge, énergie
et puissance maximale par jour, contrat) jusqu'au <strong>${escapeHtml(request.until)}</strong>
(<code>${escapeHtml(request.duration)}</code>). Vous pouvez retirer cet accès à tout moment.</p>
<form method="post">
<fieldset>
<legend>Qui êtes-vous ?</legend>
<div class="holders">
${lines}
</div>
</fieldset>
<div class="buttons">
<button class="main" type="submit" name="decision" value="consent">J'autorise</button>
<button type="submit" name="decision" value="refuse" formnovalidate>Je refuse</button>
</div>
</form>`,
  );
}

const messages: Readonly<Record<string, string>> = {
  not_found: "Cette page n'existe pas, ou la demande contient un paramètre inattendu.",
  missing_parameter: 'Il manque un paramètre.',
  invalid_client: "Cette application n'est pas connue.",
  unsupported_response_type: "Ce type de réponse n'est pas prévu.",
  invalid_state: 'Le paramètre « state » dépasse 100 caractères.',
  invalid_duration_format: "La durée n'est pas valide.",
  maximum_duration_exceeded: 'La durée dépasse trois ans.',
  no_redirect_url: "Aucune adresse de retour n'est enregistrée pour cette application.",
  already_shared:
    "Une erreur est survenue lors du partage : ce point est déjà partagé avec cette application. Supprimez d'abord le partage existant dans votre espace client.",
  unknown_choice: "Ce choix n'existe pas.",
};

/** The page for what went wrong; nobody is sent back from it. */
export function errorPage({ status, code }: PageError): Reply {
  const message = messages[code] ?? 'Une erreur est survenue.';
  const title = status === 404 ? 'Page introuvable' : 'Une erreur est survenue';
  return portalPage(status, title, `<p>${escapeHtml(message)}</p>\n<p><code>${escapeHtml(code)}</code></p>`);
}
