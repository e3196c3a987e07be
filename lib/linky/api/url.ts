/** A URL below a base, which may end with a slash; what is put into the path or the query is encoded. */
export function urlBelow(base: string, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(base);
  const segments = path.split('/').map(encodeURIComponent).join('/');
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${segments}`;
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
