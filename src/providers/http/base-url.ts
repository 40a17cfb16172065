/** The address of a path below a base URL, whose query stands behind it. */
export function joinUrl(baseUrl: string, path: string): URL {
  const base = new URL(baseUrl);
  const url = new URL(`${withoutQuery(baseUrl)}${path}`);
  url.search = [url.search, base.search]
    .map((search) => search.slice(1))
    .filter(Boolean)
    .join('&');
  return url;
}

export function withoutQuery(baseUrl: string): string {
  return baseUrl.replace(/\?.*/s, '');
}

/** The values in its query, as they are written there and as they are meant. */
export function querySecrets(baseUrl: string): string[] {
  const { search, searchParams } = new URL(baseUrl);
  const written = search
    .slice(1)
    .split('&')
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [...written, ...searchParams.values()];
}
