/** What everything is measured against: node:http that reads the body and answers. Prints its port. */
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    Buffer.concat(chunks);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 17 });
    response.end('{"received":true}');
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
