/** Every text of the pages in French; it says which texts there are. Typographic spaces are written out. */
export const french = {
  home: 'Accueil',
  operatedBy: (name: string): string => `Service exploité par ${name}`,
  contact: 'Contact',
  legal: 'Mentions légales',
  privacy: 'Vos données',
  data: (provider: string): string =>
    provider === 'Enedis' ? 'les données de votre compteur Linky' : `vos données chez ${provider}`,

  landing: {
    lede: (data: string, provider: string): string =>
      `Ce service permet à une application que vous utilisez chez vous de lire ${data}. ` +
      `Rien ne se fait sans votre accord\u00a0: vous le donnez chez ${provider} et vous pouvez le retirer à tout moment.`,
    stepsHeading: 'Comment cela se passe',
    steps: (provider: string): readonly string[] => [
      'Votre application affiche un code de huit lettres.',
      'Vous saisissez ce code ici.',
      `Vous vous connectez chez ${provider} et vous donnez votre accord.`,
    ],
    action: 'Saisir un code',
  },

  privacyTexts: {
    heading: 'Vos données',
    keptHeading: 'Ce que ce service conserve',
    keptMeter: [
      'Le numéro de votre point de livraison (PRM), chiffré, jusqu’à 90\u00a0jours après la fin de votre accord.',
      'La date de votre accord et son échéance.',
      'Les clés d’accès de votre application, illisibles sans elle\u00a0: empreintes ou textes chiffrés.',
    ],
    keptRelay: ['Les clés d’accès émises pour votre application, chiffrées, jusqu’à ce qu’elle les ait reçues.'],
    keptAlways: [
      'Un journal des demandes, sans numéro complet ni clé, pendant 90\u00a0jours.',
      'Des compteurs de demandes par adresse, sous forme d’empreintes, pour freiner les abus.',
    ],
    passing: 'Vos mesures traversent ce service pour aller jusqu’à votre application. Elles n’y sont pas conservées.',
    direct: 'Votre application lit vos données directement\u00a0: elles ne passent pas par ce service.',
    cookie:
      'Un seul cookie, indispensable, reconnaît le navigateur qui a saisi le code\u00a0; il dure six mois. ' +
      'Aucune mesure d’audience, aucun contenu d’un autre site.',
    endHeading: 'Retirer votre accord',
    endEnedis: 'Dans votre compte particulier sur le site d’Enedis, supprimez le partage accordé à ce service.',
    end: (provider: string): string => `Retirez l’accès de ce service dans votre compte chez ${provider}.`,
  },

  device: {
    heading: 'Autoriser une application',
    intro: 'Saisissez le code que votre application affiche.',
    introKnown: (data: string): string => `Cette application demande à lire ${data}.`,
    application: 'Application',
    asked: 'Demande faite',
    lessThanAMinuteAgo: 'il y a moins d’une minute',
    code: 'Code',
    compare:
      'Comparez ce code avec celui que votre propre application affiche en ce moment. Si quelqu’un vous a envoyé ce ' +
      'lien ou ce code, arrêtez-vous ici\u00a0: c’est cette personne qui recevrait vos données.',
    label: 'Code affiché par votre application',
    hint: 'Huit lettres. Les minuscules, les espaces et l’absence de tiret ne gênent pas.',
    action: (provider: string): string => `Continuer chez ${provider}`,
    actionKnown: (provider: string): string => `Le code est le même, continuer chez ${provider}`,
    expires: (minutes: number): string =>
      minutes <= 1 ? 'Ce code expire dans moins d’une minute.' : `Ce code expire dans ${minutes}\u00a0minutes.`,
    lifetime: (minutes: number): string => `Un code est valable ${minutes}\u00a0minutes.`,
    another: 'S’il a expiré, relancez la demande dans votre application\u00a0: elle en affichera un autre.',
    unknown: 'Ce code n’est pas valable. Vérifiez-le, ou demandez-en un autre à votre application.',
    missing: 'Aucun code n’a été saisi.',
    stale: 'La page était ouverte depuis trop longtemps, ou les cookies sont bloqués. Vérifiez le code et recommencez.',
  },

  frame: {
    heading: 'Encore un clic',
    text: 'Pour votre sécurité, la suite se passe dans une page entière.',
    action: 'Continuer',
  },

  wait: {
    heading: 'Votre accord arrive',
    text: (provider: string): string =>
      `${provider} n’a pas encore transmis votre accord. Rechargez cette page dans quelques secondes\u00a0; ` +
      'votre application attend toujours.',
    action: 'Recharger',
  },

  done: {
    heading: 'C’est fait',
    text: 'Votre accord est enregistré. Votre application va recevoir son accès dans un instant.',
    close: 'Vous pouvez fermer cette page.',
  },

  error: {
    code: 'Code',
    reference: 'Référence',
    referenceHint: 'Indiquez cette référence si vous demandez de l’aide.',
    again: 'Saisir un code',
    unknown: {
      heading: 'Cela n’a pas fonctionné',
      text: 'Relancez la demande dans votre application et saisissez le nouveau code.',
    },
    known: {
      access_denied: {
        heading: 'Accord refusé',
        text: 'Vous n’avez pas donné votre accord. Votre application n’a reçu aucun accès.',
      },
      invalid_request: {
        heading: 'Demande incomplète',
        text: 'Il manque des paramètres à cette demande, ou ils ne sont pas valables. Recommencez depuis votre application.',
      },
      missing_parameters: {
        heading: 'Demande incomplète',
        text: 'Il manque des paramètres à cette adresse. Recommencez depuis votre application.',
      },
      missing_usage_point: {
        heading: 'Demande incomplète',
        text: 'Il manque le paramètre usage_point_id, le numéro du point de livraison.',
      },
      invalid_usage_point: {
        heading: 'Point de livraison non valable',
        text: 'Le numéro du point de livraison (usage_point_id) doit avoir 14 chiffres.',
      },
      invalid_authorisation: {
        heading: 'Accord non valable',
        text: 'Le numéro d’accord de cette adresse n’est pas valable. Recommencez depuis votre application.',
      },
      unverified_consent: {
        heading: 'Accord non vérifiable',
        text: 'Cette adresse nomme un point de livraison sans preuve de votre accord. Elle n’est pas acceptée.',
      },
      invalid_state: {
        heading: 'Visite inconnue ou terminée',
        text: 'Le paramètre state n’est pas valable, ou trop ancien. Relancez la demande dans votre application.',
      },
      other_browser: {
        heading: 'Autre navigateur',
        text:
          'Cette visite a commencé dans un autre navigateur, ou les cookies sont bloqués. Terminez dans celui où vous ' +
          'avez saisi le code, ou saisissez-le de nouveau ici.',
      },
      too_late: {
        heading: 'Trop tard',
        text: 'Le code a expiré avant votre accord. Relancez la demande dans votre application\u00a0; ce sera plus court.',
      },
      consent_taken: {
        heading: 'Déjà relié ailleurs',
        text:
          'Cet accord est déjà utilisé, depuis un autre navigateur. Supprimez d’abord le partage dans votre compte chez ' +
          'Enedis, ou reprenez le navigateur d’alors.',
      },
      consent_not_fresh: {
        heading: 'Accord trop ancien',
        text:
          'Cet accord n’a pas été donné à l’instant. Supprimez le partage dans votre compte chez Enedis, puis ' +
          'recommencez depuis votre application.',
      },
      consent_ambiguous: {
        heading: 'Plusieurs points de livraison',
        text: 'Votre accord porte sur plusieurs points de livraison. Donnez-le pour un seul à la fois.',
      },
      too_many_tries: {
        heading: 'Trop d’essais',
        text: 'Cette visite est terminée. Relancez la demande dans votre application.',
      },
      exchange_failed: {
        heading: 'Accès non délivré',
        text: 'Le serveur d’autorisation n’a pas délivré l’accès. Relancez la demande dans votre application.',
      },
      upstream_refused: {
        heading: 'Accord non confirmé',
        text: 'Enedis n’a pas voulu confirmer votre accord. Rechargez cette page plus tard, ou recommencez.',
      },
      upstream_unavailable: {
        heading: 'Service indisponible',
        text: 'Le serveur d’autorisation ne répond pas. Rechargez cette page dans quelques minutes.',
      },
      server_error: {
        heading: 'Erreur du serveur d’autorisation',
        text: 'La page de consentement a rencontré une erreur. Recommencez plus tard depuis votre application.',
      },
      temporarily_unavailable: {
        heading: 'Service indisponible',
        text: 'Le service est indisponible pour le moment. Réessayez dans quelques minutes.',
      },
      unauthorized_client: {
        heading: 'Service non autorisé',
        text: 'Ce service n’est pas autorisé à demander cet accord. Prévenez son exploitant.',
      },
      invalid_client: {
        heading: 'Service non reconnu',
        text: 'Le serveur d’autorisation ne reconnaît pas ce service. Prévenez son exploitant.',
      },
      unsupported_response_type: {
        heading: 'Demande non comprise',
        text: 'Le serveur d’autorisation ne comprend pas la demande. Prévenez l’exploitant de ce service.',
      },
      invalid_scope: {
        heading: 'Étendue non valable',
        text: 'L’application demande une étendue que le serveur d’autorisation ne connaît pas.',
      },
      missing_parameter: {
        heading: 'Demande incomplète',
        text: 'Le serveur d’autorisation n’a pas reçu tout ce qu’il attend. Prévenez l’exploitant de ce service.',
      },
      invalid_duration_format: {
        heading: 'Durée non valable',
        text: 'Le serveur d’autorisation ne comprend pas la durée demandée. Prévenez l’exploitant de ce service.',
      },
      maximum_duration_exceeded: {
        heading: 'Durée trop longue',
        text: 'La durée demandée dépasse trois ans. Prévenez l’exploitant de ce service.',
      },
      'lincs-internal-server-error': {
        heading: 'Erreur chez Enedis',
        text: 'La page d’Enedis a rencontré une erreur. Essayez un autre navigateur, sans bloqueur de publicité.',
      },
      slow_down: {
        heading: 'Trop de demandes',
        text: 'Trop de demandes en peu de temps. Attendez quelques minutes, puis recommencez.',
      },
      not_found: { heading: 'Page introuvable', text: 'Cette page n’existe pas.' },
      method_not_allowed: { heading: 'Demande impossible', text: 'Cette page ne s’utilise pas de cette façon.' },
      request_too_large: { heading: 'Demande trop longue', text: 'Cette demande est trop longue.' },
      unsupported_media_type: { heading: 'Demande impossible', text: 'Cette demande n’a pas la forme attendue.' },
      forbidden: {
        heading: 'Demande refusée',
        text: 'Cette demande ne vient pas d’une page de ce service. Saisissez le code de nouveau.',
      },
      internal_error: {
        heading: 'Erreur de ce service',
        text: 'Ce service a rencontré une erreur. Réessayez dans quelques minutes.',
      },
    },
  },
};

/** The texts of a language. */
export type Texts = typeof french;
/** Codes of errors that have a text of their own. */
export type KnownError = keyof Texts['error']['known'];
