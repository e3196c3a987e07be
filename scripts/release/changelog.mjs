const heading = /^## \[([^\]]+)\](?: - (.*?))?\s*$/;

function isDate(text = '') {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/**
 * The sections of a changelog in the form of Keep a Changelog, without "Unreleased": version, whether there is a right date
 * beside it, and whether there is an entry in it.
 */
export function released(changelog) {
  const sections = [];
  for (const line of changelog.split(/\r?\n/)) {
    const [, version, date] = heading.exec(line) ?? [];
    if (version) sections.push({ version, date: isDate(date) ? date : undefined, hasEntries: false });
    else if (/^[-*] \S/.test(line) && sections.length > 0) sections.at(-1).hasEntries = true;
  }
  return sections.filter(({ version }) => version.toLowerCase() !== 'unreleased');
}
