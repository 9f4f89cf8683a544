/** How to get the bytes as they came, where people build endpoints: what the fix of most mismatches comes to. */
export const RAW_BODY: string = [
  'Verify the raw bytes, before anything parses them:',
  "Express: express.raw({ type: '*/*' }) on the route, before express.json()",
  'Next.js: await request.text() in a route handler; bodyParser: false in pages/api',
  "Fastify: addContentTypeParser('application/json', { parseAs: 'buffer' }, …)",
  'Hono: await c.req.arrayBuffer()  ·  Koa: raw-body on ctx.req, before koa-body',
  'Flask: request.get_data()  ·  FastAPI: await request.body()  ·  Django: request.body',
  "Rails: request.raw_post  ·  Laravel: $request->getContent()  ·  PHP: file_get_contents('php://input')",
  'Spring: @RequestBody byte[]  ·  Go: io.ReadAll(r.Body), before json.Unmarshal',
].join('\n');
