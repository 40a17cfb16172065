import { dirname, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { readProxies } from '../../src/config/proxies.ts';
import { load, problemsOf } from '../helpers/config.ts';
import { writeFile } from '../helpers/written-file.ts';

test('has a default for everything', () => {
  expect(loadConfig({ environment: {} })).toMatchObject({
    server: { host: '127.0.0.1', port: 4000, cors: { origins: [] } },
    auth: { keys: [] },
    limits: { maxBodyBytes: 16_777_216, firstPartTimeoutMs: 120_000, shutdownGraceMs: 10_000 },
    defaults: { chat: 'local/eliza', image: 'local/pattern' },
    providers: { websim: { working: true, baseUrl: 'https://websim.ai' }, aichats: { working: false } },
  });
});

test('lets a flag win over the file', () => {
  const { server } = load({ server: { port: 1, host: '127.0.0.2' } }, { port: '0' });
  expect(server).toMatchObject({ port: 0, host: '127.0.0.2' });
});

test('takes ${NAME} from the environment, in any string', () => {
  const config = load(
    { auth: { keys: ['${KEY}'] }, providers: { websim: { headers: { 'x-trace': 'a ${ONE} b ${TWO}' } } } },
    { environment: { KEY: 'sesame-sesame', ONE: '1', TWO: '2' } },
  );
  expect(config.auth.keys).toEqual([{ name: 'key-1', isNumbered: true, key: 'sesame-sesame', metrics: false }]);
  expect(config.providers.websim).toMatchObject({ headers: { 'x-trace': 'a 1 b 2' } });
});

describe('${file:PATH}', () => {
  const keyFrom = (path: string, environment: Record<string, string> = {}) =>
    load({ auth: { keys: [`\${file:${path}}`] } }, { environment }).auth.keys[0]?.key;

  test.for(['sesame', 'sesame\n', 'sesame\r\n'])('takes what a file holds, %j, without its line end', (content) => {
    expect(keyFrom(writeFile('key', content))).toBe('sesame');
  });

  test('is below the folder of credentials, where there is one and the path does not begin at the root', () => {
    const file = writeFile('key', 'sesame\n');
    const environment = { CREDENTIALS_DIRECTORY: dirname(file) };
    expect(keyFrom('key', environment)).toBe('sesame');
    expect(keyFrom(file, { CREDENTIALS_DIRECTORY: '/nowhere' })).toBe('sesame');
    expect(keyFrom(relative('.', file))).toBe('sesame');
  });

  test('may stand within a text, beside ${NAME}; what it holds is taken as it is', () => {
    const headers = { 'x-key': `a \${file:${writeFile('key', '${ONE}')}} \${ONE}` };
    const { providers } = load({ providers: { websim: { headers } } }, { environment: { ONE: '1' } });
    expect(providers.websim).toMatchObject({ headers: { 'x-key': 'a ${ONE} 1' } });
  });

  test('says what is wrong with the file, and nothing of what is in it', () => {
    const problemsWith = (path: string) => problemsOf({ auth: { keys: [`\${file:${path}}`] } });
    const [folder, empty, twoLines] = [
      dirname(writeFile('x', '')),
      writeFile('key', '\n'),
      writeFile('key', 'open\nsesame'),
    ];
    expect(problemsWith('')).toEqual([expect.stringMatching(/^auth\.keys\.0: expected a path/)]);
    expect(problemsWith('/no/such')).toContain("auth.keys.0: the file '/no/such' cannot be read (ENOENT)");
    expect(problemsWith(folder)).toContain(`auth.keys.0: the file '${folder}' cannot be read (EISDIR)`);
    expect(problemsWith(empty)).toContain(`auth.keys.0: the file '${empty}' is empty`);
    expect(problemsWith(twoLines)).not.toEqual([]);
    expect(problemsWith(twoLines).join()).not.toContain('sesame');
  });
});

test.for(['', '/ai', '/tools/ai_2.0-x~y'])('takes %j for the path of the server', (path) => {
  expect(load({ server: { path } }).server.path).toBe(path);
});

test.for(['/', 'ai', '/ai/', '//ai', '/a//b', '/ai?x', '/ai#x', '/a b', '/ai/..', '/./ai', '/a%2fb', 'https://x/ai'])(
  'takes %j for no path of the server',
  (path) => {
    expect(problemsOf({ server: { path } })).toEqual([
      expect.stringMatching(/^server\.path: expected a path such as /),
    ]);
  },
);

test.for([
  'https://app.example.com',
  'http://127.0.0.1:5173',
  'app://obsidian.md',
  'tauri://localhost',
  'capacitor://localhost',
  'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
  'vscode-webview://0f8fad5b-d9cb-469f-a165-70867728950e',
])('takes %s for an origin', (origin) => {
  expect(load({ server: { cors: { origins: [origin] } } }).server.cors.origins).toEqual([origin]);
});

test.for([
  'null',
  '*',
  'app.example.com',
  'https://app.example.com/',
  'https://App.example.com',
  'https://app.example.com:443',
  'https://me@app.example.com',
  'wss://app.example.com',
  'app://obsidian.md/',
  'APP://obsidian.md',
  'app://',
  'app:obsidian.md',
  'file://',
])('takes %s for no origin', (origin) => {
  expect(problemsOf({ server: { cors: { origins: [origin] } } })).toEqual([
    expect.stringMatching(/^server\.cors\.origins\.0: expected an origin as browsers send it/),
  ]);
});

test.for([
  ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
  ['http://127.0.0.1:1/v1//', 'http://127.0.0.1:1/v1'],
  ['http://127.0.0.1:1/v1/?a=b/', 'http://127.0.0.1:1/v1?a=b/'],
  ['http://127.0.0.1:1?a=b@c&d=/?', 'http://127.0.0.1:1?a=b@c&d=/?'],
  ['http://127.0.0.1:1/?', 'http://127.0.0.1:1'],
] as const)('takes the slash off the end of base URL %s', ([given, baseUrl]) => {
  expect(load({ providers: { aichats: { baseUrl: given } } }).providers.aichats).toMatchObject({ baseUrl });
});

test('lists every problem by its path', () => {
  const problems = problemsOf({
    server: { host: '0.0.0.0', port: 70_000, prot: 1 },
    auth: { keys: ['${MISSING}'] },
    limits: { idleTimeoutMs: 'soon' },
    providers: {
      websim: { baseUrl: 'websim.ai', headers: { 'bad name': 'x', fine: 'line\nbreak', host: 'elsewhere' } },
      aichats: { cookie: 'snow ☃', proxy: 'not a url' },
      chatgptfree: { timeoutMs: 0 },
      nobody: {},
    },
  });
  for (const path of [
    'server.port',
    'server.prot: not a known setting',
    "auth.keys.0: the environment has no 'MISSING'",
    'limits.idleTimeoutMs',
    'providers.websim.baseUrl',
    'providers.websim.headers.bad name',
    'providers.websim.headers.fine',
    'providers.websim.headers.host',
    'providers.aichats.cookie',
    'providers.aichats.proxy',
    'providers.chatgptfree.timeoutMs',
    'providers.nobody.type: expected one of openai-compatible',
  ]) {
    expect(problems).toContainEqual(expect.stringMatching(`^${path.replaceAll('.', '\\.')}`));
  }
  expect(problems).toHaveLength(12);
});

describe('without keys', () => {
  test.for(['127.0.0.1', '127.8.9.1', '::1', 'localhost'])('serves loopback host %s', (host) => {
    expect(problemsOf({ server: { host } })).toEqual([]);
  });

  test('serves no other host, unless told that it is open', () => {
    const server = { host: '0.0.0.0' };
    expect(problemsOf({ server })).toEqual([expect.stringMatching(/^server\.host: /)]);
    expect(problemsOf({ server, limits: { nope: 1 } })).toHaveLength(2);
    expect(problemsOf({ server, auth: { open: true } })).toEqual([]);
    expect(problemsOf({ server, auth: { keys: ['a-long-key'] } })).toEqual([]);
  });
});

test.for([
  [{ auth: { keys: ['${NOT-A-NAME}'] } }, "auth.keys.0: the environment has no 'NOT-A-NAME'"],
  [{ auth: { keys: ['a key'] } }, 'auth.keys.0: expected a key'],
  [{ auth: { keys: ['one', { name: 'x', key: 'a key' }] } }, 'auth.keys.1.key: expected a key'],
  [{ auth: { keys: [{ name: 'x y', key: 'k' }] } }, 'auth.keys.0.name: expected a name'],
  [{ auth: { keys: [{ name: 'x' }] } }, 'auth.keys.0.key: '],
  [{ auth: { keys: ['one', { name: 'key-1', key: 'two' }] } }, 'auth.keys: two of the keys have the same name'],
  [{ auth: { keys: ['one', { name: 'x', key: 'one' }] } }, 'auth.keys: two of the keys are the same'],
  [{ server: { hosts: ['models.example.com:80'] } }, 'server.hosts.0: expected a name or an address without a port'],
  [{ limits: { maxDepth: 101 } }, 'limits.maxDepth: '],
  ...['http://:secret@127.0.0.1', 'http://127.0.0.1/?a=b#c', 'http://127.0.0.1/#'].map((baseUrl) => [
    { providers: { websim: { baseUrl } } },
    'providers.websim.baseUrl: expected no fragment and no credentials',
  ]),
  [{ providers: { websim: { proxy: 'http://a%zz:b@127.0.0.1' } } }, 'providers.websim.proxy: expected valid'],
  [{ providers: { chatgptfree: { timeoutMs: 3_000_000_000 } } }, 'providers.chatgptfree.timeoutMs: Too big'],
])('refuses %j', ([content, problem]) => {
  expect(problemsOf(content)).toEqual([expect.stringContaining(String(problem))]);
});

test('reads a file with a byte order mark', () => {
  expect(load('\uFEFF{"server":{"port":1}}').server.port).toBe(1);
});

test('takes the proxies of the environment, a scheme left out or not', () => {
  expect(readProxies({ https_proxy: '127.0.0.1:3128', HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: '*' })).toEqual({
    httpsProxy: 'http://127.0.0.1:3128',
    httpProxy: 'http://127.0.0.1:1',
    noProxy: '*',
  });
  expect(readProxies({ HTTPS_PROXY: '' })).toEqual({});
  expect(() => readProxies({ HTTPS_PROXY: 'http://[' })).toThrow('HTTPS_PROXY: expected the URL of a proxy');
});

test.for([
  ['no JSON', '{ "server": '],
  ['a list', '[]'],
  ['a server that is no object', '{ "server": 3 }'],
])('refuses a file that is %s', ([, content]) => {
  expect(problemsOf(content)).toHaveLength(1);
});

test('names a file that is not there', () => {
  expect(() => loadConfig({ file: '/no/such/file.json', environment: {} })).toThrow('/no/such/file.json');
});

test.for([
  ['{ "auth": {\n  "keys": [sk-top-secret] } }', 'line 2, column 12'],
  ['{"a":sk-top-secret}', 'line 1, column 6'],
  ['{ "auth": { "keys": ["top-secret', 'line 1, column 22'],
  ['', 'line 1, column 1'],
] as const)('says where %j is no JSON, and not what stands there', ([content, place]) => {
  expect(problemsOf(content)).toEqual([expect.stringMatching(`config\\.json: it is no JSON from ${place} on$`)]);
});

test('shows no secret in a problem', () => {
  const problems = problemsOf({ auth: { keys: 'top-secret' }, providers: { websim: { cookie: 'top-secret\n' } } });
  expect(problems).toHaveLength(2);
  expect(problems.join()).not.toContain('top-secret');
});
