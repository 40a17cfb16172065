import type { EnvironmentProxies } from '../providers/http/settings.ts';
import { ConfigError } from './load.ts';

/** The proxies of the environment, by the names that other programs use. @throws ConfigError */
export function readProxies(environment: NodeJS.ProcessEnv): EnvironmentProxies {
  const read = (name: string) => environment[name.toLowerCase()] || environment[name] || undefined;
  const readUrl = (name: string) => {
    const value = read(name);
    if (value === undefined) return undefined;
    // The scheme may be left out.
    const url = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
    if (!URL.canParse(url))
      throw new ConfigError([`${name}: expected the URL of a proxy, such as http://127.0.0.1:3128`]);
    return url;
  };
  return { httpProxy: readUrl('HTTP_PROXY'), httpsProxy: readUrl('HTTPS_PROXY'), noProxy: read('NO_PROXY') };
}
