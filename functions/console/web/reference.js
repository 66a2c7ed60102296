/* global SwaggerUIBundle */
// The reference page of the API, drawn from its OpenAPI document. Requests that are tried carry the session's token.
const session = fetch('/api/session').then((answer) => answer.json());
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  requestInterceptor: async (request) => {
    const { csrfToken } = await session;
    if (csrfToken && request.method !== 'GET') request.headers['x-csrf-token'] = csrfToken;
    return request;
  },
});
