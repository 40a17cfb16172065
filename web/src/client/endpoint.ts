/** Where the API is: on the server that the page came from, beside it. */
export const ENDPOINT = new URL('graphql', location.href).pathname;
