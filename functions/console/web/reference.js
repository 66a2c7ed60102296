/* global SwaggerUIBundle */
// The reference page of the API, drawn from its OpenAPI document. Requests that are tried carry the session's token.
const session = fetch('/api/session').then((answer) => answer.json());
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  filter: true,
  // Its maker's server, which would be told the address of the document.
  validatorUrl: null,
  requestInterceptor: async (request) => {
    const { csrfToken } = await session;
    if (csrfToken && request.method !== 'GET') request.headers['x-csrf-token'] = csrfToken;
    return request;
  },
});
