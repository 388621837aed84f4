// Works in the network namespace that it was started in, for its parent: makes a listening socket and hands it over, or makes one plain
// HTTP request. It never accepts a connection itself, and ends with its parent.
const http = require('node:http');
const net = require('node:net');

function listen({ id, address, port }) {
  const server = net.createServer();
  server.on('error', (error) => process.send({ id, error: error.message }));
  server.listen(port, address, () => process.send({ id }, server, () => server.close()));
}

function request({ id, url, method, headers, body }) {
  const answered = (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () => {
      const reply = { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
      process.send({ id, reply: { ...reply, error: '' } });
    });
  };
  const failed = ({ message: error }) => process.send({ id, reply: { status: 0, headers: {}, body: '', error } });
  // A whole length instead of chunks, as clients of an API send it.
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const options = { method, headers: { ...headers, ...length }, agent: false, signal: AbortSignal.timeout(5000) };
  http.request(url, options, answered).on('error', failed).end(body);
}

process.on('message', (wanted) => (wanted.url === undefined ? listen(wanted) : request(wanted)));
process.on('disconnect', () => process.exit(0));
