/** Where the API is: on the server that the page came from. */
export const ENDPOINT = '/graphql';
