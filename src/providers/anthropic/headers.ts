/** Of every request. */
export const HEADERS = {
  'anthropic-version': '2023-06-01',
  'user-agent': 'modelql', // Some services turn away those who do not say who they are.
};

/** The header that names what is not in general use yet: once, with commas between. */
export const BETA = 'anthropic-beta';
